/**
 * Says whether it was a process of an instance that accepted a connection: whether one of its tree holds the
 * listening socket, by whatever way it came to it.
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
  const lookUp: OwnerCheck = async (connection) => {
    const holdings: Holding[] = [];
    const listeners = await findListeners(connection.remote, async ({ inode }) => {
      const holding = await holdsAny(own, new Set([inode]));
      holdings.push(holding);
      return holding === 'yes';
    });
    if (holdings.includes('yes')) return { kind: 'own' };
    if (listeners === undefined || (await isPassedOn(connection))) return unknown;
    if (listeners.length === 0) return notOwn('nobody listens there any more');
    stranger = await findHolder(inodesOf(listeners), stranger);
    if (stranger === undefined && holdings.includes('hidden')) return unknown;
    const holder = describeHolder(stranger, listeners);
    return { ...notOwn(`held by ${holder}, not by this service`), holder };
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
