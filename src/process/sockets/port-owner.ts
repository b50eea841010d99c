/**
 * Says whether it was a process of an instance that accepted a connection: whether one of its tree holds the
 * listening socket, by whatever way it came to it. Who shares the port with others gets some of their connections, and
 * they some of his: the port is his own when they are gone.
 *
 * It can't be known, and is said so: without `/proc`; for another machine, and where the firewall passes the
 * connection on; and when a process of the instance doesn't show what it holds, by its user it may be that socket, and
 * nobody else shows that he holds it.
 */
import { promises, readlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Connection, OwnerCheck, Ownership } from '../ports.ts';
import type { PossibleUsers } from '../tree/members/possible-users.ts';
import { readCommandLine, readUsers } from '../tree/proc/process-file.ts';
import { decideWhose, type Whose } from './decide-port-owner.ts';
import { findListeners, isOwnAddress, isPassedOn } from './listeners.ts';
import { findHolder, type Holding, holdersByUser, showsSocket, stillShows } from './socket-holders.ts';
import type { SocketRow } from './socket-row.ts';
import { listenersAt, parseUnixSockets, type UnixSocket } from './unix-sockets.ts';

export interface OwnProcesses {
  /** The main process: it is asked first, since it mostly is the one. */
  readonly pid: number;
  /** Whose its processes can be. */
  readonly users: PossibleUsers;
  /** The pids of what is alive. */
  alive(): Promise<readonly number[]>;
}

/**
 * How long it is enough that the socket found to listen is still held: a program would have to keep it, and yet have
 * ended its listening, for another to accept. The table of all sockets costs a hundred times as much as that link.
 */
const REMEMBERED_MS = 30_000;

interface Found {
  readonly link: string;
  readonly inodes: ReadonlySet<string>;
  readonly untilMs: number;
}

export function createPortOwner(own: OwnProcesses): OwnerCheck {
  let stranger: number | undefined;
  const found = new Map<string, Found>();
  let cleared: Pick<Found, 'inodes' | 'untilMs'> | undefined;
  /** All others were looked at, and none showed that he holds one of these. */
  const isCleared = (inodes: ReadonlySet<string>): boolean =>
    cleared !== undefined &&
    performance.now() < cleared.untilMs &&
    [...inodes].every((inode) => cleared?.inodes.has(inode));
  const isAsFound = (place: string): boolean => {
    const before = found.get(place);
    if (before === undefined) return false;
    if (performance.now() < before.untilMs && stillShows(before.link, before.inodes)) return true;
    found.delete(place);
    return false;
  };
  const lookUp = async (connection: Connection): Promise<Ownership> => {
    const { address, port } = connection.remote;
    const place = `${address} ${port}`;
    if (isAsFound(place)) return { kind: 'own' };
    const listeners = await findListeners(connection.remote);
    const shown = await Promise.all((listeners ?? []).map((socket) => showsAny(own, socket)));
    const foreign = (listeners ?? []).filter((_, index) => shown[index]!.whose === 'stranger');
    const mayBeOwn = (listeners ?? []).filter((_, index) => shown[index]!.whose === 'own-unless-shown');
    const first = shown.findIndex(({ whose }) => whose === 'own');
    const isOwn = first !== -1;
    if (isOwn && foreign.length + mayBeOwn.length === 0) {
      const link = shown[first]!.link ?? '';
      const inodes = inodesOf([listeners![first]!]);
      found.set(place, { link, inodes, untilMs: performance.now() + REMEMBERED_MS });
      return { kind: 'own' };
    }
    if (listeners === undefined || (!isOwn && (await isPassedOn(connection)))) return unknown;
    if (listeners.length === 0) return notOwn('nobody listens there any more');
    // Whom the user of the socket tells apart need not show it; of the rest somebody else may.
    const others = foreign.length > 0 ? foreign : mayBeOwn;
    const inodes = inodesOf(others);
    if (foreign.length === 0 && isCleared(inodes)) return unknown;
    stranger = await findHolder(inodes, stranger);
    if (foreign.length === 0 && stranger === undefined) {
      const byUser = await strangerByUser(own, shown, inodes);
      // The next attempt may know.
      if (byUser === 'unanswered') return notOwn('who holds the port could not be looked up in time');
      stranger = byUser;
    }
    if (stranger === undefined && foreign.length === 0) {
      cleared = { inodes, untilMs: performance.now() + REMEMBERED_MS };
      return unknown;
    }
    const holder = describeHolder(stranger, others);
    const how = isOwn ? `shared with ${holder}` : `held by ${holder}`;
    return { ...notOwn(`${how}, not ${isOwn ? 'of' : 'by'} this service`), holder };
  };
  return async (connection) => {
    if (!('path' in connection) && !isOwnAddress(connection.remote.address)) return unknown;
    try {
      if ('path' in connection) return await ownerOfPath(connection.path, (inodes) => holdsAny(own, inodes));
      return await lookUp(connection);
    } catch (error) {
      // The system is out of descriptors or memory: the next attempt may know.
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return notOwn(
        `who holds the ${'path' in connection ? 'socket' : 'port'} could not be looked up (${code})`,
      );
    }
  };
}

const unknown: Ownership = { kind: 'unknown' };

function notOwn(detail: string): Extract<Ownership, { readonly kind: 'not-own' }> {
  return { kind: 'not-own', detail };
}

interface Shown {
  readonly whose: Whose;
  /** By which a process of its own shows it. */
  readonly link?: string;
  /** Who may have it without showing it, each once. */
  readonly hiddenUids?: readonly number[];
}

async function showsAny(own: OwnProcesses, socket: SocketRow): Promise<Shown> {
  const { holding, link, hiddenUids } = await holdsAny(own, inodesOf([socket]));
  if (link !== undefined) return { whose: 'own', link };
  return { whose: decideWhose({ holding, uid: socket.uid, users: own.users, hiddenUids }), hiddenUids };
}

interface Held {
  readonly holding: Holding;
  readonly link?: string;
  readonly hiddenUids: readonly number[];
}

/** Whether a process of the instance shows that it holds one of these. */
async function holdsAny(own: OwnProcesses, inodes: ReadonlySet<string>): Promise<Held> {
  const hidden = new Set<number>();
  const first = showsSocket(own.pid, inodes);
  const pids = first.holding === 'yes' ? [] : (await own.alive()).filter((pid) => pid !== own.pid);
  for (const pid of [own.pid, ...pids]) {
    const shown = pid === own.pid ? first : showsSocket(pid, inodes);
    if (shown.holding === 'yes') return { holding: 'yes', link: shown.link, hiddenUids: [] };
    if (shown.holding === 'hidden') for (const uid of readUsers(pid)) hidden.add(uid);
  }
  const hiddenUids = [...hidden];
  return { holding: hiddenUids.length > 0 ? 'hidden' : 'no', hiddenUids };
}

/**
 * Who of the users of what hides holds one of the sockets, where nobody of its own does; undefined: none shows it; `unanswered`: that
 * could not be asked.
 */
async function strangerByUser(
  own: OwnProcesses,
  shown: readonly Shown[],
  inodes: ReadonlySet<string>,
): Promise<number | 'unanswered' | undefined> {
  const uids = new Set(shown.flatMap(({ hiddenUids = [] }) => hiddenUids));
  const answers = await Promise.all([...uids].map((uid) => holdersByUser(uid, inodes)));
  const holders = answers.flatMap((answer) => (answer === 'unanswered' ? [] : answer));
  if (holders.length === 0 && answers.includes('unanswered')) return 'unanswered';
  const members = await own.alive();
  return holders.some((pid) => members.includes(pid)) ? undefined : holders[0];
}

/** "process 4711 (node old.js)". A holder that is not to be seen is at least somebody's. */
export function describeHolder(pid: number | undefined, listeners: readonly SocketRow[]): string {
  if (pid !== undefined) return `process ${pid} (${readCommandLine(pid)})`;
  return `a process of user ${listeners[0]?.uid} that cannot be seen from here`;
}

export function inodesOf(sockets: readonly SocketRow[]): ReadonlySet<string> {
  return new Set(sockets.map(({ inode }) => inode));
}

// Says whether it is a process of an instance that listens at a Unix socket.
//
// It can't be known, and is said so, where the kernel's table doesn't name the socket: bound by another name (a link, a
// relative path, another root), or in another network namespace; and when a process doesn't show what it holds.

/** `shows`: whether a process of the instance shows one of these inodes. Throws what the system says. */
async function ownerOfPath(
  path: string,
  shows: (inodes: ReadonlySet<string>) => Promise<{ readonly holding: Holding }>,
): Promise<Ownership> {
  const sockets = await promises.readFile('/proc/net/unix', 'utf8').catch(() => undefined);
  const listeners = sockets === undefined ? [] : listenersAt(parseUnixSockets(sockets), path);
  if (listeners.length === 0) return { kind: 'unknown' };
  const inodes = new Set(listeners.map(({ inode }) => inode));
  const shown = await shows(inodes);
  if (shown.holding === 'yes') return { kind: 'own' };
  const holder = await holderAt(listeners, path);
  if (holder === undefined) return { kind: 'unknown' };
  const name = `process ${holder} (${readCommandLine(holder)})`;
  return { kind: 'not-own', detail: `held by ${name}, not by this service`, holder: name };
}

/** Of several that may be the one, bound by relative names, that whose process is in the folder of the path. */
async function holderAt(listeners: readonly UnixSocket[], path: string): Promise<number | undefined> {
  let first: number | undefined;
  for (const { inode, path: bound } of listeners) {
    const holder = await findHolder(new Set([inode]), undefined);
    if (holder === undefined) continue;
    if (listeners.length === 1 || resolve(folderOf(holder) ?? '/', bound) === path) return holder;
    first ??= holder;
  }
  return first;
}

/** Undefined: it has ended, or doesn't show it. */
function folderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
