/**
 * Ports of 127.0.0.1 that nobody listens at, for what must be told a port.
 *
 * They lie below those that Linux hands out to whoever asks for any (`net.ipv4.ip_local_port_range`), so no other test gets one by chance; and
 * the UDP port of the same number, held until this process ends, keeps other files of tests away.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

const FIRST = 10_000;
const LAST = 31_999;

/** Each time another one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1));
    if ((await reserve(port)) && (await isFree(port))) return port;
  }
}

/** As texts for the environment. */
export async function freePorts<Name extends string>(
  ...names: readonly Name[]
): Promise<Readonly<Record<Name, string>>> {
  const entries = names.map(async (name) => [name, String(await freePort())] as const);
  return Object.fromEntries(await Promise.all(entries)) as Record<Name, string>;
}

async function reserve(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  socket.bind({ address: '127.0.0.1', port, exclusive: true });
  const isOurs = await settled(once(socket, 'listening'));
  if (!isOurs) socket.close();
  return isOurs;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  const isBound = await settled(once(server, 'listening'));
  if (isBound) await once(server.close(), 'close');
  return isBound;
}

/** `once` rejects with what went wrong. */
const settled = (promise: Promise<unknown>): Promise<boolean> =>
  promise.then(
    () => true,
    () => false,
  );
