/**
 * By what an instance is heard: its output, and its notify channel of whatever kind. Opened before the spawn.
 *
 * Whoever opens them owns them: they are read when the spawn was made, or abandoned when nothing came of it.
 */
import type { ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { createNotifyOutlet } from '../notify/notify-channel.ts';
import type { NotifySocket, NotifySockets } from '../notify/notify-sockets.ts';
import type { Fifo } from '../pipes/fifo.ts';
import type { FifoPool } from '../pipes/fifo-pool.ts';
import type { OutputHold } from '../pipes/output-hold.ts';
import { createOutputOutlets, type OutputOutlets } from '../pipes/output-outlets.ts';
import type { PipeReader } from '../pipes/pipe-reader.ts';
import { type ChildStdio, countFifos, createStdio, type Outlet, type StandardEnds } from '../pipes/stdio.ts';
import type { LaunchRequest } from '../ports.ts';
import { usersOf } from '../rights/users-of.ts';

export interface Channels {
  readonly stdio: ChildStdio['stdio'];
  /** Some of it are sockets: call `read` in the very turn of the spawn. */
  readonly hasSockets: boolean;
  readonly output: OutputOutlets;
  /** Where it speaks as to systemd. */
  readonly socket: NotifySocket | undefined;
  /** Call once when the spawn has been made. */
  read(child: Pick<ChildProcess, 'stdio'>): readonly PipeReader[];
  /** See `Instance.outputHeldAgoMs`. */
  outputHeldAgoMs(): number;
  /** Call instead of `read` when it was not made, or has failed. */
  abandon(): void;
}

/** What instances share; it stays the caller's. */
export interface ChannelSources {
  readonly fifos: FifoPool;
  readonly sockets: NotifySockets;
  /** Learns of what is read. */
  readonly hold: OutputHold;
}

/** The channels, or why there are none, a clause. Never rejects. */
export async function openChannels(
  request: LaunchRequest,
  { fifos: pool, sockets, hold }: ChannelSources,
): Promise<Channels | { readonly why: string }> {
  const log = await openLog(request);
  if (typeof log === 'object') return log;
  const socket = request.channel === 'systemd' ? await sockets.open(usersOf(request.rights)) : undefined;
  if (socket !== undefined && 'why' in socket) {
    closeLog(log);
    return { why: `there is no "notify: systemd" for it: ${socket.why}` };
  }
  const isRead = !request.terminal && log === undefined;
  const output = isRead ? createOutputOutlets(request.onOutput) : noOutput;
  const outlets = [...output.outlets, ...notifyOutlets(request)];
  const fifos = await takeFifos(pool, countFifos(outlets));
  const stdio = createStdio(outlets, fifos, standardEnds(request, log));
  let heldAgoMs = (): number => Number.POSITIVE_INFINITY;
  return {
    stdio: stdio.stdio,
    hasSockets: stdio.hasSockets,
    output,
    socket,
    read(child) {
      closeLog(log);
      const readers = stdio.read(child);
      if (isRead)
        heldAgoMs = hold.add(request.service, readers.slice(0, output.outlets.length), output.ended);
      return readers;
    },
    outputHeldAgoMs: () => heldAgoMs(),
    abandon() {
      closeLog(log);
      stdio.abandon();
      socket?.close();
    },
  };
}

/** A descriptor of the file that it writes to by itself, or why it can't be opened; undefined: its output is read. */
async function openLog({
  terminal,
  directLog,
}: LaunchRequest): Promise<number | { readonly why: string } | undefined> {
  if (terminal || directLog === undefined) return undefined;
  try {
    return await directLog.open();
  } catch (error) {
    return { why: `its log file cannot be opened: ${(error as Error).message}` };
  }
}

function closeLog(log: number | undefined): void {
  if (log !== undefined) closeSync(log);
}

function standardEnds({ terminal, stdin }: LaunchRequest, log: number | undefined): StandardEnds {
  if (terminal) return ['inherit', 'inherit', 'inherit'];
  const input = stdin === 'open' ? 'pipe' : 'ignore';
  return log === undefined ? [input, 'ignore', 'ignore'] : [input, log, log];
}

const noOutput: OutputOutlets = { outlets: [], ended: Promise.resolve(), isOpen: () => false };

function notifyOutlets({ channel, onNotification }: LaunchRequest): readonly Outlet[] {
  return channel === 'fd' || channel === 'node' ? [createNotifyOutlet(channel, onNotification)] : [];
}

async function takeFifos(pool: FifoPool, count: number): Promise<readonly Fifo[] | undefined> {
  return count === 0 ? undefined : pool.take(count);
}
