/**
 * What processes write, on stdout with their names before it, as `orderly up` shows it.
 */
import type { Config } from '../config/types.ts';
import type { LogSink } from '../events/event.ts';
import { PLAIN_PALETTE } from '../output/palette.ts';
import { createTextLog } from '../output/text-log.ts';

export interface PrintedLines {
  readonly onLog: LogSink;
  /** Prints what has no line end. */
  end(): void;
}

export function printLines({ services }: Config, print: (lines: Buffer) => void): PrintedLines {
  const logged = services
    .filter(({ command }) => command.kind !== 'call')
    .map(({ name, log }) => ({ name, prefix: log.prefix }));
  const log = createTextLog(logged, PLAIN_PALETTE, print);
  return { onLog: log.add, end: () => log.end() };
}
