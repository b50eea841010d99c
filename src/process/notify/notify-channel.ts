/**
 * The notify channel of an instance: its lines made into notifications, `closed` after all of them.
 */

import type { Outlet } from '../pipes/stdio.ts';
import type { Notification } from '../ports.ts';
import { CHANNEL_FD } from '../spawn/service-env.ts';
import { createFdProtocol } from './notify-fd.ts';
import { createNotifyLines } from './notify-lines.ts';
import { createNodeProtocol } from './notify-node.ts';

/** Longer than any message that means something. */
const LONGEST_LINE = 65_536;

/** A Node program is also written to, so its channel is a socket. */
export function createNotifyOutlet(
  kind: 'fd' | 'node',
  onNotification: (notification: Notification) => void,
): Outlet {
  const understand = kind === 'fd' ? createFdProtocol() : createNodeProtocol();
  const lines = createNotifyLines(LONGEST_LINE, (line) => {
    const notification = understand(line);
    if (notification !== undefined) onNotification(notification);
  });
  return {
    fd: CHANNEL_FD,
    twoWay: kind === 'node',
    receiver: { onChunk: (chunk) => lines.push(chunk), onEnd: () => onNotification({ kind: 'closed' }) },
  };
}
