/**
 * A descriptor that somebody holds the other end of as long as he wants us: its end is a SIGTERM to us.
 */
import { Socket } from 'node:net';

/** It keeps no program alive. Throws the system's error if that is no open descriptor that can be read. */
export function obeyLifeline(fd: number): void {
  const line = new Socket({ fd, readable: true, writable: false });
  line.on('error', () => undefined);
  line.once('close', () => process.kill(process.pid, 'SIGTERM'));
  line.resume().unref();
}
