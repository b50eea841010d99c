/**
 * Opens a log file for appending, with the folders above it, and says how it ends. No names are changed here.
 *
 * O_APPEND, so that several writers never overwrite each other, and a file that is emptied from outside begins again
 * at its start. A pipe is refused: it would hold up what opens it, and can't be rotated.
 */
import { close, constants, fstat, mkdir, open, read, stat } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { whyNoLog } from './writable.ts';

const openFile = promisify(open);
const makeFolder = promisify(mkdir);
const readFile = promisify(read);

export const statOf = promisify(stat);
export const closeFile = promisify(close);

/** What the file is like now. */
export interface FileEnd {
  readonly size: number;
  /** It is empty, or the last thing in it is a line end. */
  readonly atLineStart: boolean;
}

export interface OpenLogfile {
  /** Owned by the caller. */
  readonly fd: number;
  /** By these two it is recognised under another name. */
  readonly dev: number;
  readonly ino: number;
  /** No device: it can be rotated. */
  readonly isRegular: boolean;
  readonly end: FileEnd;
}

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOCTTY;

/** Rejects with an error whose message is a clause: why it can't be opened. */
export async function openLogfile(path: string): Promise<OpenLogfile> {
  await makeFolders(dirname(path));
  const why = await statOf(path).then(whyNoLog, () => undefined);
  if (why !== undefined) throw new Error(why);
  const fd = await openFile(path, APPEND, 0o666);
  const { dev, ino, size, ...stats } = await promisify(fstat)(fd);
  const isRegular = (stats.mode & constants.S_IFMT) === constants.S_IFREG;
  const end = isRegular
    ? { size, atLineStart: await endsInLine(path, size) }
    : { size: 0, atLineStart: true };
  return { fd, dev, ino, isRegular, end };
}

/** Node's own way (`recursive`) never ends where a folder can't be made below one that is there, as in /proc. */
async function makeFolders(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const isThere = await statOf(folder).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    if (isThere) return;
    const above = dirname(folder);
    if (code !== 'ENOENT' || above === folder) throw error;
    await makeFolders(above);
    await makeFolder(folder);
  }
}

/** A run that was killed may have left a part of a line. One that may not be read is taken to be whole. */
async function endsInLine(path: string, size: number): Promise<boolean> {
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  const fd = await openFile(path, constants.O_RDONLY).catch(() => undefined);
  if (fd === undefined) return true;
  try {
    await readFile(fd, last, 0, 1, size - 1);
  } finally {
    await closeFile(fd);
  }
  return last.toString() === '\n';
}
