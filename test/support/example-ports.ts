/**
 * Ports that nobody listens on, for programs that must be told theirs.
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** Different ones, as texts for the environment. They were free a moment ago: the system doesn't hand them out again soon. */
export async function freePorts<Name extends string>(
  ...names: readonly Name[]
): Promise<Readonly<Record<Name, string>>> {
  const servers = names.map(() => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => String((server.address() as AddressInfo).port));
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Record<Name, string>;
}
