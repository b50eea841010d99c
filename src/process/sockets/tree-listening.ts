/**
 * Where processes listen, of the sockets that this network namespace has: loaded and read when somebody asks, and never by itself.
 */
import { promises } from 'node:fs';
import type { Listening, ListenPlace } from '../usage-ports.ts';
import { findAllListeners } from './listeners.ts';
import { heldSockets } from './socket-holders.ts';
import { parseUnixSockets } from './unix-sockets.ts';

/** What listens now, by its inode. */
export type ListenTable = ReadonlyMap<string, ListenPlace>;

/** Empty where the system doesn't tell. Throws what else it says. */
export async function readListenTable(): Promise<ListenTable> {
  const table = new Map(await readTcpTable());
  for (const name of ['udp', 'udp6'] as const)
    for (const { inode, local } of await findAllListeners(name))
      table.set(inode, { protocol: 'udp', ...local });
  const unix = await promises.readFile('/proc/net/unix', 'utf8').catch(() => '');
  for (const { inode, isListening, path } of parseUnixSockets(unix))
    if (isListening) table.set(inode, { protocol: 'unix', path });
  return table;
}

/** The same of TCP alone, which is the cheapest: what listens stands first. */
export async function readTcpTable(): Promise<ListenTable> {
  const found = [...(await findAllListeners('tcp')), ...(await findAllListeners('tcp6'))];
  return new Map(found.map(({ inode, local }) => [inode, { protocol: 'tcp', ...local }]));
}

/** Of these processes together; `slice` is waited for after each. */
export async function listeningOf(
  pids: readonly number[],
  table: ListenTable,
  slice: () => Promise<void>,
): Promise<Listening> {
  const places = new Map<string, ListenPlace>();
  let isWhole = true;
  for (const pid of pids) {
    const held = heldSockets(pid);
    if (held === 'hidden') isWhole = false;
    else
      for (const inode of held) {
        const place = table.get(inode);
        if (place !== undefined) places.set(JSON.stringify(place), place);
      }
    await slice();
  }
  return { places: [...places.values()].sort(inOrder), isWhole };
}

/** By protocol, then by port or path. */
function inOrder(one: ListenPlace, other: ListenPlace): number {
  if (one.protocol !== other.protocol) return one.protocol < other.protocol ? -1 : 1;
  if (one.protocol !== 'unix' && other.protocol !== 'unix' && one.port !== other.port)
    return one.port - other.port;
  const [first, second] = [textOf(one), textOf(other)];
  return first === second ? 0 : first < second ? -1 : 1;
}

function textOf(place: ListenPlace): string {
  return place.protocol === 'unix' ? place.path : place.address;
}
