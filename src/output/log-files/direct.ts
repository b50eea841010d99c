/**
 * A log file that a service writes to by itself: opened anew for each of its instances, and rotated only then.
 *
 * While an instance runs nobody else touches the file, so that a line costs the supervisor nothing. What an instance
 * wrote last is read from it when somebody asks.
 */
import { constants, promises } from 'node:fs';
import type { LogFile } from '../../config/types.ts';
import { closeFile, type OpenLogfile, openLogfile } from './open.ts';
import { rotateFiles } from './rotating-file.ts';

export interface DirectLog {
  /** Opens it for one more instance; the descriptor is the caller's. Rejects with a clause: why it can't be opened. */
  open(): Promise<number>;
  /** The last of what was written since then, 8 KiB at most; nothing if that can't be read or was moved away. */
  written(): Promise<Buffer>;
}

const TAIL_BYTES = 8_192;

/** `onTrouble` gets a clause fit after the file's name, and why: it goes on without. */
export function createDirectLog(
  { path, maxBytes, keep }: LogFile,
  onTrouble: (what: string, why: string) => void,
): DirectLog {
  let since: OpenLogfile | undefined;

  async function open(): Promise<OpenLogfile> {
    const opened = await openLogfile(path);
    if (!opened.isRegular || opened.end.size <= maxBytes) return opened;
    try {
      await rotateFiles(path, keep);
    } catch (error) {
      onTrouble('cannot be rotated, and grows on', (error as Error).message);
      return opened;
    }
    await closeFile(opened.fd);
    return openLogfile(path);
  }

  return {
    async open() {
      since = await open();
      return since.fd;
    },
    async written() {
      if (since === undefined || !since.isRegular) return Buffer.alloc(0);
      try {
        return await readEnd(path, since);
      } catch {
        // It may not be read, or is gone: there is less to show.
        return Buffer.alloc(0);
      }
    },
  };
}

async function readEnd(path: string, { dev, ino, end }: OpenLogfile): Promise<Buffer> {
  // By now the name may be that of a pipe, which would be waited for.
  const file = await promises.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const now = await file.stat();
    if (now.dev !== dev || now.ino !== ino) return Buffer.alloc(0);
    const from = Math.max(end.size, now.size - TAIL_BYTES);
    const tail = Buffer.alloc(Math.max(0, now.size - from));
    return tail.subarray(0, (await file.read(tail, 0, tail.length, from)).bytesRead);
  } finally {
    await file.close();
  }
}
