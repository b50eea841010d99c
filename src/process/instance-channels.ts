/**
 * By what an instance is heard: its output, and its notify channel of whatever kind. Opened before the spawn.
 *
 * Whoever opens them owns them: they are read when the spawn was made, or abandoned when nothing came of it.
 */
import type { ChildProcess } from 'node:child_process';
import type { Fifo } from './fifo.ts';
import type { FifoPool } from './fifo-pool.ts';
import { createNotifyOutlet } from './notify-channel.ts';
import type { NotifySocket, NotifySockets } from './notify-sockets.ts';
import { createOutputOutlets, type OutputOutlets } from './output-outlets.ts';
import type { PipeReader } from './pipe-reader.ts';
import type { LaunchRequest } from './ports.ts';
import { type ChildStdio, countFifos, createStdio, type Outlet } from './stdio.ts';

export interface Channels {
  readonly stdio: ChildStdio['stdio'];
  /** Some of it are sockets: call `read` in the very turn of the spawn. */
  readonly hasSockets: boolean;
  readonly output: OutputOutlets;
  /** Where it speaks as to systemd. */
  readonly socket: NotifySocket | undefined;
  /** Call once when the spawn has been made. */
  read(child: Pick<ChildProcess, 'stdio'>): readonly PipeReader[];
  /** Call instead of `read` when it was not made, or has failed. */
  abandon(): void;
}

/** What instances share; it stays the caller's. */
export interface ChannelSources {
  readonly fifos: FifoPool;
  readonly sockets: NotifySockets;
}

/** The channels, or why there are none, a clause. Never rejects. */
export async function openChannels(
  request: LaunchRequest,
  { fifos: pool, sockets }: ChannelSources,
): Promise<Channels | { readonly why: string }> {
  const socket = request.channel === 'systemd' ? await sockets.open() : undefined;
  if (socket !== undefined && 'why' in socket) {
    return { why: `there is no "notify: systemd" for it: ${socket.why}` };
  }
  const output = request.terminal ? noOutput : createOutputOutlets(request.onOutput);
  const outlets = [...output.outlets, ...notifyOutlets(request)];
  const fifos = await takeFifos(pool, countFifos(outlets));
  const stdio = createStdio(outlets, fifos, request.terminal ? 'inherit' : 'ignore');
  return {
    stdio: stdio.stdio,
    hasSockets: stdio.hasSockets,
    output,
    socket,
    read: stdio.read,
    abandon() {
      stdio.abandon();
      socket?.close();
    },
  };
}

const noOutput: OutputOutlets = { outlets: [], ended: Promise.resolve(), isOpen: () => false };

function notifyOutlets({ channel, onNotification }: LaunchRequest): readonly Outlet[] {
  return channel === 'fd' || channel === 'node' ? [createNotifyOutlet(channel, onNotification)] : [];
}

async function takeFifos(pool: FifoPool, count: number): Promise<readonly Fifo[] | undefined> {
  return count === 0 ? undefined : pool.take(count);
}
