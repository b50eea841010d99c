/**
 * What a run in the background prints, as lines of a file that is rotated: it has no reader that could be slow or go away.
 */
import type { LogFile } from '../../config/types.ts';
import type { BoundedWriter, WriterHooks } from '../writers/bounded-writer.ts';
import { openLogfile } from './open.ts';
import { createLogfileWriter } from './writer.ts';

/** Rejects with an error whose message is a clause: why it can't be opened. */
export async function createRotatingWriter(file: LogFile, hooks: WriterHooks): Promise<BoundedWriter> {
  const opened = await openLogfile(file.path);
  let isClosed = false;
  const writer = createLogfileWriter({
    file,
    opened,
    hooks: {
      onDropped: hooks.onDropped,
      onTrouble: (what, why) => hooks.onTrouble(`The file ${JSON.stringify(file.path)} ${what}: ${why}`),
    },
  });
  const flush = async (timeoutMs: number): Promise<void> => {
    if (isClosed) return;
    isClosed = true;
    await writer.finish(timeoutMs);
  };
  return {
    write(chunk) {
      if (!isClosed) writer.write(chunk);
      return !isClosed;
    },
    pendingBytes: 0,
    full: false,
    get closed() {
      return isClosed;
    },
    // It is written in any case: what waits for it is the end alone.
    drained: () => Promise.resolve(),
    flush,
    close: () => void flush(0),
  };
}
