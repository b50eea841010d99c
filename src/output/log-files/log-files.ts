/**
 * The log files of a run: every line of a service goes into its file as it is, whole, beside what is printed.
 *
 * Both streams of a service share its file. It knows nothing of events, nor of services that write to their file
 * themselves.
 */
import { createPrefixer } from '../lines/prefixer.ts';
import { FLUSH_LIMIT_MS, type Output } from '../output.ts';
import type { LogfileWriter } from './writer.ts';

/** An output for the services that have a writer here; it finishes the writers. */
export function createLogFiles(writers: ReadonlyMap<string, LogfileWriter>): Output {
  const lines = createPrefixer({
    prefixOf: () => '',
    write: (whole, service) => writers.get(service)?.write(whole),
  });
  return {
    onEvent: () => undefined,
    onLog(service, attempt, stream, chunk, command) {
      if (writers.has(service)) lines.add(service, attempt, stream, chunk, command);
    },
    async finish() {
      lines.end();
      await Promise.all([...writers.values()].map((writer) => writer.finish(FLUSH_LIMIT_MS)));
    },
  };
}
