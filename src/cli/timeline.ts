/**
 * `orderly timeline`: draws a recorded run, the last one of the project if none is named. It reads the record as it comes,
 * so that its size doesn't matter, and supervises nothing.
 *
 * It is bundled into a file of its own: whoever runs services doesn't load it. So it doesn't throw a `UsageError`,
 * whose class it would have a second copy of.
 */
import { resolve } from 'node:path';
import { formatDuration } from '../events/format-duration.ts';
import { printable } from '../events/printable.ts';
import { createPalette } from '../output/terminal/palette.ts';
import { dateAndTime } from '../output/time-of-day.ts';
import { renderHtml } from '../output/timeline/html.ts';
import { pathsOf } from '../output/timeline/paths/find-paths.ts';
import { type ReadRecord, RecordReader } from '../output/timeline/record/reader.ts';
import { renderSvg } from '../output/timeline/svg/picture.ts';
import { renderText } from '../output/timeline/text/chart.ts';
import type { Timeline } from '../output/timeline/timeline.ts';
import { lastRecords } from './last-record.ts';
import type { Ending, World } from './world.ts';

type Format = 'text' | 'svg' | 'html';

export interface TimelineOptions {
  /** Undefined: what the name of the output says, else text. */
  readonly format?: Format;
  /** A file; undefined or `-`: stdout. */
  readonly out?: string | undefined;
  readonly width?: number;
  /** The configuration, if one is named. */
  readonly file?: readonly string[];
  /** The name of the project, if it was given one. */
  readonly project?: string;
  /** The service to which the critical path of the start-up leads. */
  readonly to?: string;
}

const NAME_ONE = 'name a record: orderly timeline RUN.jsonl';
const MIN_COLUMNS = 80;
const MAX_COLUMNS = 200;

/**
 * `given` is `-` for stdin, undefined for the last run; `sourcesOf` gives the files of the configuration, of those that are named or
 * found.
 */
export async function timeline(
  world: World,
  given: string | undefined,
  options: TimelineOptions,
  sourcesOf: (named: readonly string[]) => Promise<readonly string[]>,
): Promise<Ending> {
  const refuse = (sentence: string): Ending => {
    world.complain(printable(`orderly: ${sentence}`));
    return { status: 2 };
  };
  const last = given === undefined ? lastRecords(world, options) : undefined;
  if (last !== undefined && 'why' in last)
    return refuse(`Cannot find the record of the last run: ${last.why}; or ${NAME_ONE}`);
  const file = given ?? last!.paths.find((path) => (world.fileIdentity(path)?.links ?? 0) > 0);
  if (file === undefined)
    return refuse(
      `Cannot draw the last run of ${last!.of}: none is kept at "${last!.paths[0]}"; start one with "orderly up", or ${NAME_ONE}`,
    );
  const name = file === '-' ? 'stdin' : file;
  const out = options.out === '-' ? undefined : options.out;
  const sources = async () => sourcesOf(options.file ?? []);
  const over = out === undefined ? undefined : await whatIsWrittenOver(world, file, out, sources);
  if (over !== undefined) return refuse(`Cannot write to "${out}": that is ${over}; name another file`);
  const format = options.format ?? formatOf(out);
  if (format === undefined) {
    return refuse(
      `Cannot draw "${out}": it ends neither in .svg, .html nor .txt; name it so, or add --format`,
    );
  }
  let record: ReadRecord;
  try {
    record = await readRecord(world.readBytes(file));
  } catch (error) {
    return refuse(`Cannot read the record "${name}": ${systemClause(error)}`);
  }
  if (record.kind === 'bad') {
    return refuse(
      `${name}:${record.line}: not the record of a run: ${record.why}; orderly up --record FILE writes one`,
    );
  }
  const run = record.timeline;
  if (options.to !== undefined && !run.lanes.some(({ service }) => service === options.to)) {
    const known = run.lanes.map(({ service }) => service).join(', ');
    return refuse(`No service "${options.to}" is in "${name}"; it has ${known}`);
  }
  if (record.cutAt !== undefined) {
    const after = formatDuration(run.endMs);
    world.complain(
      `orderly: ${name}:${record.cutAt}: the last line is cut off: drawn up to there (${after})`,
    );
  }
  if (last !== undefined)
    world.complain(printable(`orderly: the last run of ${last.of}, of ${dateAndTime(run.since)}: ${file}`));
  const text = await render(world, run, { ...options, format, out });
  try {
    if (out === undefined) return { status: world.print(text) === undefined ? 0 : 2 };
    world.writeFile(out, text);
  } catch (error) {
    return refuse(`Cannot write to "${out}": ${systemClause(error)}`);
  }
  return { status: 0 };
}

/** What the picture would be written over, of what somebody wrote or recorded. */
async function whatIsWrittenOver(
  world: World,
  record: string,
  out: string,
  sources: () => Promise<readonly string[]>,
): Promise<string | undefined> {
  const identify = (path: string) => world.fileIdentity(resolve(world.cwd, path));
  const keys = new Set(identify(out)?.keys);
  const isOut = (identity: ReturnType<typeof identify>) =>
    identity?.keys.some((key) => keys.has(key)) ?? false;
  if (isOut(record === '-' ? world.descriptorIdentity(0) : identify(record))) return 'the record itself';
  return (await sources()).some((file) => isOut(identify(file))) ? 'the configuration' : undefined;
}

/** Rejects with the system's error. */
async function readRecord(chunks: AsyncIterable<Uint8Array>): Promise<ReadRecord> {
  const reader = new RecordReader();
  for await (const chunk of chunks) if (!reader.push(chunk)) break;
  return reader.end();
}

async function render(
  world: World,
  run: Timeline,
  options: TimelineOptions & { readonly format: Format },
): Promise<string> {
  const paths = pathsOf(run, options.to);
  const { format } = options;
  if (format === 'svg') return renderSvg(run, paths);
  if (format === 'html') return renderHtml(run, paths);
  const columns = options.out === undefined ? world.stdoutColumns() : undefined;
  const palette = await createPalette({
    isTty: columns !== undefined,
    flag: options.out === undefined ? undefined : false,
    env: world.env,
  });
  const width = options.width ?? within(Number(world.env.COLUMNS) || columns || MIN_COLUMNS);
  return `${renderText(run, paths, width, palette).join('\n')}\n`;
}

function within(columns: number): number {
  return Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, Math.floor(columns)));
}

/** What the name of the output says; undefined: something that can't be drawn. */
function formatOf(out: string | undefined): Format | undefined {
  const [ending] = /\.[^./]*$/.exec(out ?? '') ?? [];
  switch (ending?.toLowerCase()) {
    case undefined:
    case '.txt':
      return 'text';
    case '.svg':
      return 'svg';
    case '.html':
    case '.htm':
      return 'html';
    default:
      return undefined;
  }
}

const CLAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be opened',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
};

function systemClause(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code && CLAUSES[code]) ?? code ?? message;
}
