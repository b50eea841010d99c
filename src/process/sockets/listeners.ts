/**
 * Which listening sockets of this machine accept connections to an address.
 *
 * The kernel prefers a socket that is bound to the very address to one bound to all, and then one of IPv4 to one of IPv6
 * that takes both (inet_lookup_listener). What is left after that shares the port (SO_REUSEPORT): any of them may get
 * the next connection.
 */
import { networkInterfaces } from 'node:os';
import type { Connection, Endpoint } from '../ports.ts';
import type { SocketRow } from './socket-row.ts';
import { connectedSockets, listeningSockets, type SocketTable } from './socket-table.ts';

/** Every socket that may accept a connection to that address. Undefined where the system doesn't tell. */
export async function findListeners({ address, port }: Endpoint): Promise<readonly SocketRow[] | undefined> {
  let isKnown = false;
  for (const table of tablesFor(address)) {
    const there: SocketRow[] = [];
    const anywhere: SocketRow[] = [];
    try {
      for await (const socket of listeningSockets(table, port)) {
        const { address: bound } = socket.local;
        if (bound !== address && !ALL_ADDRESSES.includes(bound)) continue;
        (bound === address ? there : anywhere).push(socket);
      }
      isKnown = true;
    } catch (error) {
      passIfMissing(error);
    }
    const found = there.length > 0 ? there : anywhere;
    if (found.length > 0) return found;
  }
  return isKnown ? [] : undefined;
}

const ALL_ADDRESSES: readonly string[] = ['0.0.0.0', '::'];

/**
 * Whether an open connection goes on from here to another machine or network namespace, by rules of the firewall: the
 * other end of it is not in the tables, while ours is open. What was cut meanwhile has neither.
 */
export async function isPassedOn({ local, remote }: Connection): Promise<boolean> {
  const other = await findEnd(remote, local);
  // Looked for last: as long as our end is open, the other one is somewhere.
  return other === undefined && (await findEnd(local, remote))?.open === true;
}

async function findEnd(from: Endpoint, to: Endpoint): Promise<SocketRow | undefined> {
  for (const table of tablesFor(from.address)) {
    try {
      for await (const socket of connectedSockets(table, from.port)) {
        if (isSame(socket.local, from) && isSame(socket.remote, to)) return socket;
      }
    } catch (error) {
      passIfMissing(error);
    }
  }
  return undefined;
}

/** Whether the address is one of this machine. */
export function isOwnAddress(address: string): boolean {
  if (address.startsWith('127.') || address === '::1') return true;
  return Object.values(networkInterfaces()).some((of) => of?.some((own) => own.address === address));
}

function tablesFor(address: string): readonly SocketTable[] {
  return address.includes(':') ? ['tcp6'] : ['tcp', 'tcp6'];
}

function isSame(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && one.address === other.address;
}

/** Without IPv6 there is one table, and without Linux there is none. */
function passIfMissing(error: unknown): void {
  if (!['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
}
