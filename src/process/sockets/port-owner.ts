/**
 * Says whether it was a process of an instance that accepted a connection: whether one of its tree holds the
 * listening socket, by whatever way it came to it. Who shares the port with others gets some of their connections, and
 * they some of his: the port is his own when they are gone.
 *
 * It can't be known, and is said so: without `/proc`; for another machine, and where the firewall passes the
 * connection on; and when a process of the instance doesn't show what it holds and nobody else shows that he holds it.
 */

import type { Connection, OwnerCheck, Ownership } from '../ports.ts';
import { readCommandLine } from '../tree/command-line.ts';
import { findListeners, isOwnAddress, isPassedOn } from './listeners.ts';
import { ownerOfPath } from './path-owner.ts';
import { findHolder, type Showing, showsSocket, stillShows } from './socket-holders.ts';
import type { SocketRow } from './socket-row.ts';

export interface OwnProcesses {
  /** The main process: it is asked first, since it mostly is the one. */
  readonly pid: number;
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
    const shown = await Promise.all((listeners ?? []).map((socket) => showsAny(own, inodesOf([socket]))));
    const holdings = shown.map(({ holding }) => holding);
    const foreign = (listeners ?? []).filter((_, index) => holdings[index] === 'no');
    const first = shown.findIndex(({ holding }) => holding === 'yes');
    const isOwn = first !== -1;
    if (isOwn && foreign.length === 0) {
      const { link } = shown[first] as Extract<Showing, { holding: 'yes' }>;
      const inodes = inodesOf([listeners![first]!]);
      found.set(place, { link, inodes, untilMs: performance.now() + REMEMBERED_MS });
      return { kind: 'own' };
    }
    if (listeners === undefined || (!isOwn && (await isPassedOn(connection)))) return unknown;
    if (listeners.length === 0) return notOwn('nobody listens there any more');
    const others = isOwn ? foreign : listeners;
    stranger = await findHolder(inodesOf(others), stranger);
    if (stranger === undefined && holdings.includes('hidden')) return unknown;
    const holder = describeHolder(stranger, others);
    const how = isOwn ? `shared with ${holder}` : `held by ${holder}`;
    return { ...notOwn(`${how}, not ${isOwn ? 'of' : 'by'} this service`), holder };
  };
  return async (connection) => {
    if (!('path' in connection) && !isOwnAddress(connection.remote.address)) return unknown;
    try {
      if ('path' in connection) return await ownerOfPath(connection.path, (inodes) => showsAny(own, inodes));
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

async function showsAny(own: OwnProcesses, inodes: ReadonlySet<string>): Promise<Showing> {
  let result = showsSocket(own.pid, inodes);
  if (result.holding === 'yes') return result;
  for (const pid of await own.alive()) {
    if (pid === own.pid) continue;
    const shown = showsSocket(pid, inodes);
    if (shown.holding === 'yes') return shown;
    if (shown.holding === 'hidden') result = shown;
  }
  return result;
}

/** "process 4711 (node old.js)". A holder that is not to be seen is at least somebody's. */
export function describeHolder(pid: number | undefined, listeners: readonly SocketRow[]): string {
  if (pid !== undefined) return `process ${pid} (${readCommandLine(pid)})`;
  return `a process of user ${listeners[0]?.uid} that cannot be seen from here`;
}

export function inodesOf(sockets: readonly SocketRow[]): ReadonlySet<string> {
  return new Set(sockets.map(({ inode }) => inode));
}
