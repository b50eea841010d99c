/**
 * The file of the record that is kept of a project's last run: a new one each time, in a folder of its own.
 *
 * The one before that stays under another name. Nothing is made where there is no home, or that of somebody else.
 */
import { close, constants, mkdir, open, rename, stat, write } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const LAST_RECORD = 'last.jsonl';
/** Of the run before that. */
export const PREVIOUS_RECORD = 'previous.jsonl';

export interface KeptPlace {
  /** Made for this user alone, if it isn't there. */
  readonly folder: string;
  /** Never made: where it isn't there nothing is kept. */
  readonly below: string;
  /** Whose that must be; undefined: anybody's. */
  readonly owner?: number | undefined;
}

export interface KeptFile {
  append(text: string): Promise<void>;
  close(): Promise<void>;
}

// Those of `node:fs/promises` cost a short run half a millisecond more.
const make = promisify(mkdir);
const openFile = promisify(open);
const move = promisify(rename);
const look = promisify(stat);
const writeTo = promisify(write);

const NEW = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND;

/** A new one in the place of the last one. Rejects with what the system says. */
export async function beginRecord(place: KeptPlace): Promise<KeptFile> {
  const last = join(place.folder, LAST_RECORD);
  await move(last, join(place.folder, PREVIOUS_RECORD)).catch((error: unknown) => {
    unless('ENOENT')(error);
    return makeFolder(place);
  });
  const fd = await openFile(last, NEW, 0o600);
  return {
    async append(text) {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += (await writeTo(fd, bytes, at)).bytesWritten;
    },
    close: () => promisify(close)(fd),
  };
}

async function makeFolder({ folder, below, owner }: KeptPlace): Promise<void> {
  const { uid } = await look(below);
  if (owner !== undefined && uid !== owner)
    throw Object.assign(new Error('it is the home of somebody else'), { code: 'EPERM' });
  await makeBelow(folder, below);
}

/** Not by one recursive call: where the system says of a folder that is there that it isn't (`/proc`), that never ends. */
async function makeBelow(folder: string, below: string): Promise<void> {
  const tryToMake = (): Promise<void> => make(folder, 0o700).catch(unless('EEXIST'));
  const parent = dirname(folder);
  if (parent === below) return tryToMake();
  await tryToMake().catch(async (error: unknown) => {
    unless('ENOENT')(error);
    await makeBelow(parent, below);
    await tryToMake();
  });
}

function unless(expected: string): (error: unknown) => void {
  return (error) => {
    if ((error as NodeJS.ErrnoException).code !== expected) throw error;
  };
}
