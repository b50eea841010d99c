/**
 * Makes room for a new log file: `file` becomes `file.1`, `file.1` becomes `file.2`, and so on up to `file.<keep>`, whose
 * predecessor is gone with that.
 */
import { rename, truncate } from 'node:fs';
import { promisify } from 'node:util';

const renameFile = promisify(rename);

/** `keep` 0: the file is emptied. Rejects with what the system says; what is done by then stays done. */
export async function rotateFiles(path: string, keep: number): Promise<void> {
  if (keep === 0) return promisify(truncate)(path);
  for (let number = keep - 1; number > 0; number--) {
    await renameFile(`${path}.${number}`, `${path}.${number + 1}`).catch(unlessMissing);
  }
  await renameFile(path, `${path}.1`);
}

function unlessMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
