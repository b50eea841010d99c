/**
 * Says whether it was a process of an instance that accepted a connection: whether one of its tree holds the
 * listening socket, by whatever way it came to it. Who shares the port with others gets some of their connections, and
 * they some of his: the port is his own when they are gone.
 *
 * It can't be known, and is said so: without `/proc`; for another machine, and where the firewall passes the
 * connection on; and when a process of the instance doesn't show what it holds and nobody else shows that he holds it.
 */

import type { OwnerCheck, Ownership } from '../ports.ts';
import { readCommandLine } from '../tree/command-line.ts';
import { findListeners, isOwnAddress, isPassedOn } from './listeners.ts';
import { findHolder, type Holding, holdsSocket } from './socket-holders.ts';
import type { SocketRow } from './socket-row.ts';

export interface OwnProcesses {
  /** The main process: it is asked first, since it mostly is the one. */
  readonly pid: number;
  /** The pids of what is alive. */
  alive(): Promise<readonly number[]>;
}

export function createPortOwner(own: OwnProcesses): OwnerCheck {
  let stranger: number | undefined;
  // To see that nobody shares it costs a look at every socket that listens: it is done once.
  const known = new Set<string>();
  const holding = ({ inode }: SocketRow): Promise<Holding> => holdsAny(own, new Set([inode]));
  const lookUp: OwnerCheck = async (connection) => {
    const listeners = await findListeners(
      connection.remote,
      async (socket) => known.has(socket.inode) && (await holding(socket)) === 'yes',
    );
    const holdings = await Promise.all((listeners ?? []).map(holding));
    const foreign = (listeners ?? []).filter((_, index) => holdings[index] === 'no');
    const isOwn = holdings.includes('yes');
    if (isOwn && foreign.length === 0) {
      for (const { inode } of listeners ?? []) known.add(inode);
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
    if (!isOwnAddress(connection.remote.address)) return unknown;
    try {
      return await lookUp(connection);
    } catch (error) {
      // The system is out of descriptors or memory: the next attempt may know.
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      return notOwn(`who holds the port could not be looked up (${code})`);
    }
  };
}

const unknown: Ownership = { kind: 'unknown' };

function notOwn(detail: string): Extract<Ownership, { readonly kind: 'not-own' }> {
  return { kind: 'not-own', detail };
}

async function holdsAny(own: OwnProcesses, inodes: ReadonlySet<string>): Promise<Holding> {
  let result = holdsSocket(own.pid, inodes);
  if (result === 'yes') return result;
  for (const pid of await own.alive()) {
    if (pid === own.pid) continue;
    const holding = holdsSocket(pid, inodes);
    if (holding === 'yes') return holding;
    if (holding === 'hidden') result = holding;
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
