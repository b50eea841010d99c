/**
 * What processes write, on stdout with their names before it, as `orderly up` shows it: bounded in memory, and never
 * waiting for a slow reader. Nothing is opened before the first line.
 */
import type { Config } from '../config/types.ts';
import type { LogSink } from '../events/event.ts';
import { FLUSH_LIMIT_MS } from '../output/output.ts';
import { PLAIN_PALETTE } from '../output/terminal/palette.ts';
import { createTextLog } from '../output/terminal/text-log.ts';
import type { BoundedWriter } from '../output/writers/bounded-writer.ts';

export interface PrintedLines {
  readonly onLog: LogSink;
  /** Settles when all is written, or given up after a limit. Never rejects. */
  finish(): Promise<void>;
}

export function printLines({ services }: Config, openStdout: () => BoundedWriter): PrintedLines {
  const logged = services
    .filter(({ command }) => command.kind !== 'call')
    .map(({ name, log }) => ({ name, prefix: log.prefix }));
  let stdout: BoundedWriter | undefined;
  const log = createTextLog(logged, PLAIN_PALETTE, (lines) => {
    stdout ??= openStdout();
    stdout.write(lines);
  });
  return {
    onLog: log.add,
    async finish() {
      log.end();
      await stdout?.flush(FLUSH_LIMIT_MS);
      stdout?.close();
    },
  };
}
