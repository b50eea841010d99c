/**
 * Where the events of a run go, and what its processes write. A listener that throws is switched off with a warning: it
 * must not take the services down. A reader of stdout that is gone takes them down in order, as it does `orderly up`.
 */
import { traceOf } from '../concurrency/kernel/errors/thrown.ts';
import type { Config } from '../config/types.ts';
import type { EventSink, Fact, LogSink, ShutdownCause } from '../events/event.ts';
import { FLUSH_LIMIT_MS } from '../output/output.ts';
import { PLAIN_PALETTE } from '../output/terminal/palette.ts';
import { createTextLog } from '../output/terminal/text-log.ts';
import type { BoundedWriter } from '../output/writers/bounded-writer.ts';
import type { SuperviseOptions } from './supervise-options.ts';
import type { ProgramSurroundings } from './surroundings.ts';

export interface ProgramOutput {
  readonly onEvent: EventSink;
  readonly onLog: LogSink;
  /** Settles when what has no line end is written, too. Never rejects. */
  finish(): Promise<void>;
}

/** What printing may have to tell. */
export interface OutputTrouble {
  readonly tell: (fact: Fact) => void;
  readonly ask: (cause: ShutdownCause) => void;
}

export function openGraphOutput(
  { onEvent, onOutput }: SuperviseOptions,
  config: Config,
  { openStdout, warn }: Pick<ProgramSurroundings, 'openStdout' | 'warn'>,
  { tell, ask }: OutputTrouble,
): ProgramOutput {
  const hooks = {
    onDropped: (lines: number, cause?: string) =>
      tell({ type: 'output.dropped', lines, stream: 'stdout', ...(cause !== undefined && { cause }) }),
    onClosed: () => ask({ kind: 'output-closed' }),
    onTrouble: (why: string) =>
      warn(`Cannot print what services write: ${why}; what doesn't go out is dropped`),
  };
  const printed = onOutput === undefined ? printLines(config, () => openStdout(hooks)) : undefined;
  return {
    onEvent: guarded('onEvent', onEvent, warn),
    onLog: printed?.onLog ?? guarded('onOutput', onOutput, warn),
    finish: async () => printed?.finish(),
  };
}

function guarded<Args extends unknown[]>(
  name: string,
  sink: ((...args: Args) => unknown) | undefined,
  warn: (text: string) => void,
): (...args: Args) => void {
  let working = sink;
  const switchOff = (error: unknown): void => {
    if (working === undefined) return;
    working = undefined;
    warn(`"${name}" of supervise failed and is not called any more: ${traceOf(error)}`);
  };
  return (...args) => {
    try {
      const answer = working?.(...args);
      // Nobody waits for one that is async, but its failure is one all the same.
      if (isObject(answer)) Promise.resolve(answer).catch(switchOff);
    } catch (error) {
      switchOff(error);
    }
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

// What processes write, on stdout with their names before it, as `orderly up` shows it: bounded in memory, and never
// waiting for a slow reader. Nothing is opened before the first line.

interface PrintedLines {
  readonly onLog: LogSink;
  /** Settles when all is written, or given up after a limit. Never rejects. */
  finish(): Promise<void>;
}

function printLines({ services }: Config, openStdout: () => BoundedWriter): PrintedLines {
  const logged = services
    .filter(({ command }) => command.kind !== 'call')
    .map(({ name, log }) => ({ name, prefix: log.prefix, print: log.print }));
  let stdout: BoundedWriter | undefined;
  const write = (lines: Buffer): void => {
    stdout ??= openStdout();
    stdout.write(lines);
  };
  const log = createTextLog(logged, { palette: PLAIN_PALETTE, write });
  return {
    onLog: log.add,
    async finish() {
      log.end();
      await stdout?.flush(FLUSH_LIMIT_MS);
      stdout?.close();
    },
  };
}
