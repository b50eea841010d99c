/**
 * Which outputs a run has: text on a terminal or in a pipe, or JSON; log files; and a record if one is wanted.
 */
import { formatDiagnostic } from '../config/diagnostics/diagnostic.ts';
import type { ServiceConfig } from '../config/types.ts';
import type { Fact, StreamName } from '../events/event.ts';
import { printable } from '../events/printable.ts';
import type { Stamper } from '../events/stamper.ts';
import { createJsonOutput, openRecord } from '../output/json/json-output.ts';
import type { DirectLog } from '../output/log-files/direct.ts';
import { createLogFiles, type LogfileHooks } from '../output/log-files/writer.ts';
import { createFactRow, FLUSH_LIMIT_MS, joinOutputs, type Output } from '../output/output.ts';
import { createPalette, type Palette, wantsColor } from '../output/terminal/palette.ts';
import {
  createTerminalOutput,
  type TerminalOptions,
  type TerminalOutput,
} from '../output/terminal/terminal.ts';
import { type LoggedService, prefixWidth } from '../output/terminal/text-log.ts';
import { systemTicker } from '../output/ticker.ts';
import { createTimeOfDay } from '../output/time-of-day.ts';
import type { WriterHooks } from '../output/writers/bounded-writer.ts';
import { awaitReader, createOutputHolds, type OutputHolds } from '../output/writers/hold.ts';
import type { StandardWriters } from '../output/writers/open.ts';
import type { ServiceWindow, TerminalSize } from '../process/ports.ts';
import { asShown, complainAll, type Project, selectedSpecs, shownServices } from './load-project.ts';
import { LogFiles } from './open-log-files.ts';
import { UsageError, type World } from './world.ts';

export interface OutputOptions {
  /** It runs in the background, and prints to this file. */
  readonly inBackground?: string | undefined;
  readonly output?: 'text' | 'json';
  /** A file for all events. */
  readonly record?: string | undefined;
  /** Names and patterns of the services whose lines are printed as text; missing: those of all. */
  readonly only?: readonly string[] | undefined;
  /** False: nothing is painted; else it is as the surroundings say. */
  readonly color?: boolean | undefined;
  /** Lines of text begin with the time. */
  readonly timestamps?: boolean | undefined;
  /** Services wait for a slow reader of what they write. */
  readonly backpressure?: boolean;
  /** The service that has the terminal, if one has: stdout is its own then, and everything else goes to stderr. */
  readonly foreground?: string | undefined;
}

/** The outputs of a run, and what they ask of it. */
export interface RunOutput extends Output {
  /** The file that a service writes to by itself, if it does. */
  readonly directLog: (service: string) => DirectLog | undefined;
  /** Opens what another configuration writes to; what stands against it, a text each. */
  readonly prepare: (project: Project, specs: readonly ServiceConfig[]) => Promise<readonly string[]>;
  /** These are the services from now on. */
  readonly switchTo: (specs: readonly ServiceConfig[]) => void;
  /** Variables that tell a service how its lines are shown; those that it has otherwise count. */
  readonly shownAs: Readonly<Record<string, string>>;
  /** How large the terminals of services are, where their lines are shown on one. */
  readonly window: ServiceWindow | undefined;
  /** From now on services can be held back. */
  readonly use: OutputHolds['use'];
  /** Somebody wants the end: a slow reader isn't waited for any more. */
  readonly hurry: () => void;
}

/**
 * `others` see the same. `onReaderGone` is called when nobody reads stdout any more, and told whether that was a terminal. Undefined: a log
 * file can't be opened, which was said. Throws a `UsageError` if a record can't be opened.
 */
export async function openOutput(
  world: World,
  project: Project,
  options: OutputOptions,
  stamper: Stamper,
  onReaderGone: (wasTerminal: boolean) => void,
  others: readonly Output[] = [],
): Promise<RunOutput | undefined> {
  let hurried = false;
  let shutdownAtMs: number | undefined;
  let output: Output | undefined;
  const row = createFactRow(stamper.stamp, (event) => output?.onEvent(event));
  const { emit } = row;
  // Never by itself to the descriptor: that could wait for a reader, and fail.
  const say = (sentence: string) =>
    void writers.stderr.writer.write(Buffer.from(`${printable(`orderly: ${sentence}`)}\n`));
  const tellTrouble = (sentence: string) => {
    emit({ type: 'run.note', text: sentence });
    if (options.output === 'json') say(sentence);
  };
  const holds = createOutputHolds(options.backpressure ?? false, systemTicker);
  const logs = new LogFiles((service, file) => logfileHooks(service, file, emit, holds));
  const unopened = await logs.open(project, selectedSpecs(project));
  if (unopened.length > 0) return complainAll(world, unopened);
  logs.use(specsOf(project));
  const inForeground = options.foreground !== undefined;
  const printing = holds.forPrinting(() => writers.stdout.writer.pendingBytes);
  const hooks = (stream: StreamName, onClosed: () => void): WriterHooks => ({
    onDropped: (lines, cause) =>
      emit({ type: 'output.dropped', lines, stream, ...(cause !== undefined && { cause }) }),
    onClosed,
    onTrouble: tellTrouble,
    // In the foreground lines go to stderr, which tells its owner by the hooks of stdout if both are one.
    ...((inForeground || stream === 'stdout') && { onFull: printing.onFull, holds: printing.holds }),
  });
  const opened = await openPrinting(world, options, {
    stdout: hooks('stdout', () => onReaderGone(opened.stdout.isTty)),
    stderr: hooks('stderr', () => undefined),
  });
  const writers = inForeground ? { ...opened, stdout: opened.stderr } : opened;
  const files = createLogFiles(logs.writers, (withinMs) => logs.finish(withinMs));
  const { only, foreground, color, timestamps = false } = options;
  const time = timestamps ? createTimeOfDay() : undefined;
  const text =
    options.output === 'json'
      ? undefined
      : await textOutput(world, shownServices(project, only), writers, { foreground, only, color, time });
  const outputs: Output[] = [text ?? jsonOutput(writers, stamper)];
  if (options.record !== undefined) outputs.push(recordOutput(options.record, tellTrouble));
  outputs.push({ ...files, finish: async () => undefined });
  output = joinOutputs([...outputs, ...others], say);
  const { onLog, finish } = output;
  const isShown = options.output !== 'json' && writers.stdout.isTty;
  const left = (): TerminalSize => {
    const size = world.terminalSize();
    return beside(prefixWidth(shownServices(project, only), size.columns, timestamps), size);
  };
  return {
    onEvent(event) {
      if (event.type === 'shutdown.requested') shutdownAtMs ??= world.clock.now();
      holds.onEvent(event);
      row.onEvent(event);
    },
    onLog,
    async finish() {
      const now = (): number => world.clock.now();
      const budgetEndMs = (shutdownAtMs ?? now()) + project.plan.budget.budgetMs;
      // First, since what they lose is told by the others.
      await files.finish(closingMs(now(), budgetEndMs) / 2);
      if (options.backpressure)
        await awaitReader(writers.stdout.writer, { endMs: budgetEndMs, now, hurried: () => hurried });
      await finish(closingMs(now(), budgetEndMs));
    },
    directLog: (service) => logs.direct.get(service),
    prepare: async (next, specs) =>
      (await logs.open(next, specs)).map((diagnostic) => formatDiagnostic(diagnostic, world.cwd)),
    switchTo(specs) {
      logs.use(specs);
      text?.use(asShown(specs, only));
    },
    shownAs: isShown && color !== false ? shownAs(world, left()) : {},
    window: isShown ? windowOn(world, left) : undefined,
    use: holds.use,
    hurry() {
      hurried = true;
    },
  };
}

/** What is printed; of a run in the background that goes to its file, which is rotated. */
async function openPrinting(
  world: World,
  { inBackground }: OutputOptions,
  hooks: Parameters<World['openWriters']>[0],
): Promise<StandardWriters> {
  if (inBackground === undefined) return world.openWriters(hooks);
  const { createRotatingWriter } = await import('../output/log-files/rotating-writer.ts');
  const writer = await createRotatingWriter({ path: inBackground, ...BACKGROUND_LOG }, hooks.stdout);
  const both = { writer, isTty: false };
  return { stdout: both, stderr: both };
}

/** A file of this size is full. */
const BACKGROUND_LOG = { maxBytes: 10 * 1024 * 1024, keep: 3, direct: false } as const;

/** Of the second that a shutdown may take beyond its budget, what the outputs have together; helpers need the rest. */
const BEYOND_MS = 300;

/** However late it is, what a disk or a reader takes at once is written. */
const LEAST_CLOSING_MS = 150;

/** How long everything that has not been written yet may take now. Pure. */
export function closingMs(nowMs: number, budgetEndMs: number): number {
  return Math.max(LEAST_CLOSING_MS, Math.min(FLUSH_LIMIT_MS, budgetEndMs + BEYOND_MS - nowMs));
}

function logfileHooks(
  service: string,
  file: string,
  emit: (fact: Fact) => void,
  holds: OutputHolds,
): LogfileHooks {
  const { onFull, holds: isHeld } = holds.forFile(service);
  return {
    onDropped: (lines, cause) =>
      emit({ type: 'output.dropped', lines, service, file, ...(cause !== undefined && { cause }) }),
    onTrouble: (what, why) =>
      emit({ type: 'run.note', text: `The log file "${file}" of "${service}" ${what}: ${why}` }),
    onFull,
    holds: isHeld,
  };
}

function specsOf({ graph }: Project): readonly ServiceConfig[] {
  return graph.services.map(graph.spec);
}

function jsonOutput({ stdout }: StandardWriters, stamper: Stamper): Output {
  return createJsonOutput({ stdout: stdout.writer, stamp: stamper.stamp });
}

export async function textOutput(
  world: World,
  services: readonly LoggedService[],
  { stdout, stderr }: StandardWriters,
  options: Pick<TerminalOptions, 'foreground' | 'before' | 'time'> & Pick<OutputOptions, 'only' | 'color'>,
): Promise<TerminalOutput> {
  const { only, color, ...more } = options;
  const colors = {
    stdout: await paletteFor(world, stdout.isTty, color),
    stderr: await paletteFor(world, stderr.isTty, color),
  };
  return createTerminalOutput({
    stdout,
    stderr,
    colors,
    services,
    printsOthers: only === undefined,
    size: world.terminalSize,
    ticker: systemTicker,
    ...more,
  });
}

/** Programs that see a pipe leave their colours out, unless they are told (force-color.org, bixense.com/clicolors). */
function shownAs({ env }: World, { columns }: TerminalSize): Readonly<Record<string, string>> {
  if (!wantsColor({ isTty: true, flag: undefined, env })) return {};
  return { FORCE_COLOR: '1', CLICOLOR_FORCE: '1', COLUMNS: String(columns) };
}

/** A program that believed in less would write a letter a line. */
const LEAST_COLUMNS = 20;

/** What is left of a terminal beside the names of services. Pure. */
export function beside(prefix: number, { columns, rows }: TerminalSize): TerminalSize {
  return { columns: Math.max(LEAST_COLUMNS, columns - prefix), rows };
}

/** One listener for all services. */
function windowOn({ onTerminalResize }: World, size: () => TerminalSize): ServiceWindow {
  const listeners = new Set<() => void>();
  let isFollowed = false;
  return {
    size,
    onResize(listen) {
      if (!isFollowed) onTerminalResize(() => listeners.forEach((each) => void each()));
      isFollowed = true;
      const own = (): void => listen();
      listeners.add(own);
      return () => void listeners.delete(own);
    },
  };
}

function paletteFor({ env }: World, isTty: boolean, color: boolean | undefined): Promise<Palette> {
  return createPalette({ isTty, flag: color === false ? false : undefined, env });
}

function recordOutput(path: string, complain: (sentence: string) => void): Output {
  try {
    return openRecord(path, complain);
  } catch (error) {
    throw new UsageError(`Cannot record to "${path}": ${(error as Error).message}`);
  }
}
