/**
 * The API of a run at a port that only this machine can reach: what the socket serves, to whoever knows the token.
 *
 * Its clients are counted apart from those of the socket: whoever takes all its places shuts out nobody there. Loaded
 * only for a run that was asked to listen.
 */
import type { AddressInfo } from 'node:net';
import type { Controlled } from '../controlled.ts';
import { type ControlServer, type ServeOptions, serveAt } from '../serve.ts';
import type { LoopbackAddress } from './address.ts';
import { createGate } from './gate.ts';

export interface TcpServer extends ControlServer {
  readonly address: LoopbackAddress;
  /** Clients are answered from now on; those that have come before have waited. */
  begin(): void;
}

/** Rejects with the system's error if it can't listen there. */
export async function serveTcp(
  { host, port }: LoopbackAddress,
  run: Controlled,
  token: string,
  options?: ServeOptions,
): Promise<TcpServer> {
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const gate = createGate(run, token);
  const server = await serveAt({ at: { host, port }, begun, gate, tells: '' }, run, options);
  const address = { host, port: (server.address() as AddressInfo).port };
  return { address, begin, close: (withinMs) => server.close(withinMs) };
}
