/**
 * The private folders in which runs of one user leave word for each other.
 *
 * A run writes into the first that can be had and reads all: two shells may differ in their environment and must find
 * each other still. What isn't a folder of ours that nobody else may enter is left alone: in `/tmp` anybody may have
 * put it there.
 */
import { lstatSync, mkdirSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

export interface RuntimeWorld {
  readonly uid: number;
  readonly tmpdir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where to look, the best first: what is emptied with the session or the boot goes before what only ages. Pure. */
export function runtimeFolders({ uid, tmpdir, env }: RuntimeWorld): readonly string[] {
  const given = env.XDG_RUNTIME_DIR ?? '';
  const parents = [given, `/run/user/${uid}`, ...(uid === 0 ? ['/run'] : [])].filter(isAbsolute);
  const shared = [tmpdir, '/tmp', '/dev/shm'].map((folder) => join(folder, `orderly-${uid}`));
  return [...new Set([...parents.map((folder) => join(folder, 'orderly')), ...shared])];
}

/** Makes it if it isn't there. False: it can't be had, or isn't ours alone. */
export function openRuntimeFolder(folder: string, uid: number): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  }
  return isPrivateFolder(folder, uid);
}

/** Not through a link: that may lead anywhere. */
export function isPrivateFolder(folder: string, uid: number): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats?.isDirectory() === true && stats.uid === uid && (stats.mode & 0o077) === 0;
}
