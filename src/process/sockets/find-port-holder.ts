/**
 * Who listens at a port of this machine now, before anything of ours is started. For `check`.
 */
import { isIP } from 'node:net';
import { findListeners, isOwnAddress } from './listeners.ts';
import { describeHolder, inodesOf } from './port-owner.ts';
import { findHolder } from './socket-holders.ts';

/** "process 4711 (postgres)"; undefined: nobody does, or it can't be known. */
export async function findPortHolder(host: string, port: number): Promise<string | undefined> {
  const addresses = host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
  for (const address of addresses) {
    if (isIP(address) === 0 || !isOwnAddress(address)) continue;
    const listeners = (await findListeners({ address, port })) ?? [];
    if (listeners.length === 0) continue;
    return describeHolder(await findHolder(inodesOf(listeners), undefined), listeners);
  }
  return undefined;
}
