/**
 * Which listening sockets of this machine accept connections to an address.
 *
 * The kernel prefers a socket that is bound to the very address to one bound to all, and then one of IPv4 to one of IPv6
 * that takes both (inet_lookup_listener). What is left after that shares the port (SO_REUSEPORT): any of them may get
 * the next connection.
 */
import { promises } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import type { Connection, Endpoint } from '../ports.ts';
import {
  concernsPort,
  isListening,
  isUnconnected,
  type SocketFields,
  type SocketRow,
  splitSocketLine,
  toSocketRow,
} from './socket-row.ts';

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

// The TCP sockets of the network that this process is in, as `/proc/net/tcp` and `/proc/net/tcp6` list them.
//
// Listening sockets stand first, and the kernel makes the lines while they are read: to find one of them costs
// microseconds, to read on to the end some milliseconds, however few there are. So nothing is read ahead at first.

type SocketTable = 'tcp' | 'tcp6';

// That of datagrams has no order.

/** Less than two lines. */
const FIRST_READ_BYTES = 160;
const LARGEST_READ_BYTES = 65_536;

/** All that listen, whatever the port; nothing where there is no such table. Throws what else the system says. */
export async function findAllListeners(
  table: 'tcp' | 'tcp6' | 'udp' | 'udp6',
): Promise<readonly SocketRow[]> {
  const isUdp = table.startsWith('udp');
  const found: SocketRow[] = [];
  try {
    for await (const fields of socketsOf(table)) {
      if (isUdp ? isUnconnected(fields) : isListening(fields)) found.push(toSocketRow(fields));
      else if (!isUdp) break;
    }
  } catch (error) {
    passIfMissing(error);
  }
  return found;
}

/** The listening sockets at a port. Throws if there is no such table. */
async function* listeningSockets(table: SocketTable, port: number): AsyncGenerator<SocketRow> {
  for await (const fields of socketsOf(table)) {
    if (!isListening(fields)) return;
    if (concernsPort(fields, port)) yield toSocketRow(fields);
  }
}

/** The sockets that are no longer listening or never were, with the port at one of their ends. */
async function* connectedSockets(table: SocketTable, port: number): AsyncGenerator<SocketRow> {
  for await (const fields of socketsOf(table)) {
    if (!isListening(fields) && concernsPort(fields, port)) yield toSocketRow(fields);
  }
}

async function* socketsOf(table: SocketTable | 'udp' | 'udp6'): AsyncGenerator<SocketFields> {
  const file = await promises.open(`/proc/net/${table}`);
  try {
    for await (const line of linesOf(file)) {
      const fields = splitSocketLine(line);
      if (fields !== undefined) yield fields;
    }
  } finally {
    await file.close();
  }
}

async function* linesOf(file: FileHandle): AsyncGenerator<string> {
  let rest = '';
  for (let size = FIRST_READ_BYTES, reads = 1; ; reads++) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(size), 0, size, null);
    if (bytesRead === 0) return;
    const lines = (rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
    // So many listening sockets are rare: from here on it is connections, and perhaps a great many.
    if (reads > 32) size = Math.min(size * 2, LARGEST_READ_BYTES);
  }
}
