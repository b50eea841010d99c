/**
 * `orderly logs`: what services wrote, and go on writing.
 */
import type { DroppedAnswer, LogAnswer } from '../../control/protocol.ts';
import { printable } from '../../events/printable.ts';
import { createTimeOfDay } from '../../output/time-of-day.ts';
import { type Ending, UsageError } from '../world.ts';
import { noAnswer } from './ask-run.ts';
import type { ClientWorld } from './client-world.ts';
import { type ClientOptions, requireRun } from './find-run.ts';
import { untilInterrupted } from './look.ts';

export interface LogsOptions extends ClientOptions {
  readonly follow?: boolean | undefined;
  readonly tail?: number | undefined;
  /** Only what was written within so many milliseconds until now. */
  readonly since?: number | undefined;
  /** Only what was written so many milliseconds ago, or earlier. */
  readonly until?: number | undefined;
  /** Only of services that have all of these. */
  readonly label?: readonly string[] | undefined;
  /** Only lines in which this stands. */
  readonly grep?: string | undefined;
  /** Each line begins with the time at which it was written. */
  readonly timestamps?: boolean | undefined;
}

export async function logs(
  world: ClientWorld,
  names: readonly string[],
  options: LogsOptions,
): Promise<Ending> {
  if (options.follow === true && options.until !== undefined)
    throw new UsageError('Cannot follow what ends in the past: leave out --follow, or --until');
  const run = requireRun(world, options, 'show what was written');
  const query = new URLSearchParams(names.map((name): [string, string] => ['name', name]));
  if (options.tail !== undefined) query.set('tail', String(options.tail));
  if (options.since !== undefined) query.set('since_ms', String(options.since));
  if (options.until !== undefined) query.set('until_ms', String(options.until));
  for (const label of options.label ?? []) query.append('label', label);
  if (options.grep !== undefined) query.set('grep', options.grep);
  if (options.follow === true) query.set('follow', '');
  const timeOfDay = createTimeOfDay();
  const textOf = (line: LogAnswer | DroppedAnswer): string => {
    const time = 'time' in line ? line.time : undefined;
    return `${options.timestamps === true ? `${timeOfDay(time)} ` : ''}${lineOf(line, names)}`;
  };
  const shown = (async (): Promise<Ending> => {
    for await (const line of world.follow(run, { method: 'GET', path: `/v1/logs?${query}` })) {
      const text = options.json === true ? `${line}\n` : textOf(JSON.parse(line));
      if (world.print(text) !== undefined) return { status: 1 };
    }
    return { status: 0 };
  })().catch((error: unknown): never => {
    throw noAnswer(run, error);
  });
  return Promise.race([shown, untilInterrupted(world)]);
}

/** As `up` shows it, with the name of its service unless that is the one name that was asked for. */
function lineOf(line: LogAnswer | DroppedAnswer, names: readonly string[]): string {
  if ('dropped' in line) return `orderly: ${line.dropped} lines are missing here: they came too fast\n`;
  const name = names.length === 1 && names[0] === line.service ? '' : `${printable(line.service)} | `;
  return `${name}${line.text}${line.partial === true ? '' : '\n'}`;
}
