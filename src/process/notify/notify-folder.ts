/**
 * Where the notify sockets of a run lie: a folder that everyone may enter, since a service may run as another user,
 * and only we may write to.
 *
 * It is made for the first socket and goes with the last one. What a run that was killed left behind (a folder with
 * sockets that nobody serves) is removed by the next that makes one beside it.
 */
import { chmodSync, chownSync, lstatSync, mkdtempSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PossibleUsers } from '../tree/members/possible-users.ts';
import { type Datagrams, LONGEST_PATH } from './notify-datagrams.ts';

export interface BoundSocket {
  readonly path: string;
  readonly fd: number;
}

export interface NotifyFolder {
  /** A new socket that these may write to; or why there is none, a clause. */
  bind(users: PossibleUsers): BoundSocket | { readonly why: string };
  /** Removes the name of a socket. Harmless when repeated. */
  release(path: string): void;
}

const NAME = 'orderly-notify-';
/** As many characters as a run will ever number its sockets with, and mkdtemp adds. */
const ROOM = `${NAME}XXXXXX/1234567890`.length;
/** A folder that is younger may be in the making. */
const YOUNG_MS = 10_000;

export function createNotifyFolder(datagrams: Datagrams): NotifyFolder {
  const sockets = new Set<string>();
  let folder: string | undefined;
  let count = 0;

  const bindIn = (parent: string, users: PossibleUsers): BoundSocket | { readonly why: string } => {
    const path = join(parent, String(++count));
    const bound = datagrams.bind(path);
    if ('error' in bound) return { why: `no socket can be made in ${parent} (${bound.error})` };
    open(path, users);
    sockets.add(path);
    return { path, fd: bound.fd };
  };

  const bindAnywhere = (users: PossibleUsers): BoundSocket | { readonly why: string } => {
    let why = 'there is no folder that can be written to';
    for (const parent of parents()) {
      const made = makeFolder(parent);
      if (made === undefined) continue;
      const bound = bindIn(made, users);
      if ('fd' in bound) {
        folder = made;
        sweep(parent, made, datagrams);
        return bound;
      }
      why = bound.why;
      tolerate(() => rmdirSync(made));
    }
    return { why: `${why}; make one of ${parents().join(', ')} writable` };
  };

  return {
    bind(users) {
      const bound = folder === undefined ? undefined : bindIn(folder, users);
      // Somebody may have tidied up the folder.
      return bound !== undefined && 'fd' in bound ? bound : bindAnywhere(users);
    },
    release(path) {
      if (!sockets.delete(path)) return;
      tolerate(() => unlinkSync(path));
      if (sockets.size > 0 || folder === undefined) return;
      const empty = folder;
      folder = undefined;
      tolerate(() => rmdirSync(empty));
    },
  };
}

/**
 * Nobody but root, and whose processes the service can have, so that nobody else can flood it. Who of these may speak
 * for the service is decided by who it is. Where that user can't be told, or given the socket, anybody may write to it.
 */
function open(path: string, users: PossibleUsers): void {
  const [uid] = users === 'anybody' ? [] : users;
  const isGiven =
    uid === process.getuid?.() || (uid !== undefined && tolerate(() => chownSync(path, uid, -1)));
  chmodSync(path, isGiven ? 0o600 : 0o666);
}

/** In memory first. A user's own folder is closed to others, but only root can run services as others. */
function parents(): readonly string[] {
  const own = process.getuid?.() === 0 ? undefined : process.env.XDG_RUNTIME_DIR;
  const all = ['/run', ...(own ? [own] : []), tmpdir(), '/tmp', '/dev/shm'];
  return [...new Set(all)].filter((parent) => Buffer.byteLength(parent) + 1 + ROOM <= LONGEST_PATH);
}

function makeFolder(parent: string): string | undefined {
  try {
    const folder = mkdtempSync(join(parent, NAME));
    chmodSync(folder, 0o755);
    return folder;
  } catch {
    // Not there, or not writable: the next one.
    return undefined;
  }
}

function sweep(parent: string, own: string, datagrams: Datagrams): void {
  tolerate(() => {
    for (const name of readdirSync(parent)) {
      const folder = join(parent, name);
      if (name.startsWith(NAME) && folder !== own) tolerate(() => removeDead(folder, datagrams));
    }
  });
}

function removeDead(folder: string, datagrams: Datagrams): void {
  const stats = lstatSync(folder);
  const isOurs = stats.isDirectory() && stats.uid === process.getuid?.();
  if (!isOurs || Date.now() - stats.mtimeMs < YOUNG_MS) return;
  const paths = readdirSync(folder).map((name) => join(folder, name));
  if (paths.some((path) => !lstatSync(path).isSocket() || datagrams.isServed(path))) return;
  for (const path of paths) unlinkSync(path);
  rmdirSync(folder);
}

/** A name that is left over or was taken away is no reason to fail. Whether it could be done. */
function tolerate(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false; // As above.
  }
}
