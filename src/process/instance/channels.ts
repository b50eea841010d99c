/**
 * By what an instance is heard: its output, and its notify channel of whatever kind. Opened before the spawn.
 *
 * Whoever opens them owns them: they are read when the spawn was made, or abandoned when nothing came of it.
 */
import { closeSync } from 'node:fs';
import type { Helper } from '../helper/helper.ts';
import type { HelperFile } from '../helper/wire.ts';
import { createNotifyOutlet } from '../notify/notify-channel.ts';
import type { NotifySocket, NotifySockets } from '../notify/notify-sockets.ts';
import type { OurEnds } from '../pipes/child-stream.ts';
import type { Fifo } from '../pipes/fifo.ts';
import type { FifoPool } from '../pipes/fifo-pool.ts';
import type { OutputHold } from '../pipes/output-hold.ts';
import {
  createJoinedOutput,
  createOutputOutlets,
  type OutputEnd,
  type OutputOutlets,
} from '../pipes/output-outlets.ts';
import type { PipeReader } from '../pipes/pipe-reader.ts';
import { type ChildStdio, countFifos, createStdio, type Outlet, type StandardEnds } from '../pipes/stdio.ts';
import type { LaunchRequest, ServiceWindow } from '../ports.ts';
import { type OwnTerminal, openOwnTerminal, USUAL_WINDOW } from '../pty/own-terminal.ts';
import { usersOf } from '../rights/users-of.ts';

export interface Channels {
  readonly stdio: ChildStdio['stdio'];
  readonly output: OutputEnd;
  /** What those of its streams are that are descriptors of ours. */
  readonly file: HelperFile | undefined;
  /** The path of the terminal that is its own; undefined: it has none. */
  readonly terminal: string | undefined;
  /** Where it speaks as to systemd. */
  readonly socket: NotifySocket | undefined;
  /** Call once when the spawn has been made; in its very turn, if any of them is a socket. */
  read(ends: OurEnds): readonly PipeReader[];
  /** See `Instance.outputHeldAgoMs`. */
  outputHeldAgoMs(): number;
  /** Call instead of `read` when it was not made, or has failed. */
  abandon(): void;
}

/** What instances share; it stays the caller's. */
export interface ChannelSources {
  /** Makes pipes of its own for what it spawns. */
  readonly helper: Helper | undefined;
  readonly fifos: FifoPool;
  readonly sockets: NotifySockets;
  /** Learns of what is read. */
  readonly hold: OutputHold;
  /** How large terminals are; undefined: as usual. */
  readonly window: () => ServiceWindow | undefined;
}

/** The channels, or why there are none, a clause. Never rejects. */
export async function openChannels(
  request: LaunchRequest,
  { helper, fifos: pool, sockets, hold, window }: ChannelSources,
): Promise<Channels | { readonly why: string }> {
  const log = await openLog(request);
  if (typeof log === 'object') return log;
  const own = await openTerminal(request, log, window);
  if (own !== undefined && 'why' in own) return own;
  const socket = request.channel === 'systemd' ? await sockets.open(usersOf(request.rights)) : undefined;
  if (socket !== undefined && 'why' in socket) {
    closeLog(log);
    own?.abandon();
    return { why: `there is no "notify: systemd" for it: ${socket.why}` };
  }
  const isPiped = !request.terminal && log === undefined && own === undefined;
  const piped = isPiped ? createOutputOutlets(request.onOutput) : noOutput;
  const joined = own && createJoinedOutput(request.onOutput);
  const output = joined ?? piped;
  const outlets = [...piped.outlets, ...notifyOutlets(request)];
  const byHelper = helper?.isThere === true && !outlets.some(({ twoWay }) => twoWay);
  const fifos = byHelper ? undefined : await takeFifos(pool, countFifos(outlets));
  const stdio = createStdio(outlets, fifos, standardEnds(request, log, own));
  let heldAgoMs = (): number => Number.POSITIVE_INFINITY;
  return {
    stdio: stdio.stdio,
    output,
    file: fileOf(log, own),
    terminal: own?.path,
    socket,
    read(ends) {
      closeLog(log);
      const others = stdio.read(ends);
      const ofOutput = joined ? [own.read(joined.receiver)] : others.slice(0, piped.outlets.length);
      if (ofOutput.length > 0) heldAgoMs = hold.add(request.service, ofOutput, output.ended);
      return joined ? [...ofOutput, ...others] : others;
    },
    outputHeldAgoMs: () => heldAgoMs(),
    abandon() {
      closeLog(log);
      own?.abandon();
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

/** The terminal that is its own, or why there is none; undefined: it needs none. */
async function openTerminal(
  { terminal, ownTerminal, rights }: LaunchRequest,
  log: number | undefined,
  window: ChannelSources['window'],
): Promise<OwnTerminal | { readonly why: string } | undefined> {
  if (terminal || ownTerminal !== true || log !== undefined) return undefined;
  const opened = await openOwnTerminal(window() ?? USUAL_WINDOW, rights);
  return 'why' in opened ? { why: `there is no terminal for it: ${opened.why}` } : opened;
}

/** How whoever isn't we opens it too. */
function fileOf(log: number | undefined, own: OwnTerminal | undefined): HelperFile | undefined {
  if (own !== undefined) return { path: own.path, isTerminal: true };
  return log === undefined ? undefined : { path: `/proc/${process.pid}/fd/${log}`, isTerminal: false };
}

function closeLog(log: number | undefined): void {
  if (log !== undefined) closeSync(log);
}

function standardEnds(
  { terminal, stdin }: LaunchRequest,
  log: number | undefined,
  own: OwnTerminal | undefined,
): StandardEnds {
  if (terminal) return ['inherit', 'inherit', 'inherit'];
  if (own !== undefined) return [own.fd, own.fd, own.fd];
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
