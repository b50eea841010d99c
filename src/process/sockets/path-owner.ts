/**
 * Says whether it is a process of an instance that listens at a Unix socket.
 *
 * It can't be known, and is said so, where the kernel's table doesn't name the socket: bound by another name (a link, a
 * relative path, another root), or in another network namespace; and when a process doesn't show what it holds.
 */
import { readFile } from 'node:fs/promises';
import type { Ownership } from '../ports.ts';
import { readCommandLine } from '../tree/proc/process-file.ts';
import { findHolder, type Holding } from './socket-holders.ts';
import { listenersAt, parseUnixSockets } from './unix-sockets.ts';

/** `shows`: whether a process of the instance shows one of these inodes. Throws what the system says. */
export async function ownerOfPath(
  path: string,
  shows: (inodes: ReadonlySet<string>) => Promise<{ readonly holding: Holding }>,
): Promise<Ownership> {
  const sockets = await readFile('/proc/net/unix', 'utf8').catch(() => undefined);
  const listeners = sockets === undefined ? [] : listenersAt(parseUnixSockets(sockets), path);
  if (listeners.length === 0) return { kind: 'unknown' };
  const inodes = new Set(listeners.map(({ inode }) => inode));
  const shown = await shows(inodes);
  if (shown.holding === 'yes') return { kind: 'own' };
  const holder = await findHolder(inodes, undefined);
  if (holder === undefined) return { kind: 'unknown' };
  const name = `process ${holder} (${readCommandLine(holder)})`;
  return { kind: 'not-own', detail: `held by ${name}, not by this service`, holder: name };
}
