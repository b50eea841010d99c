/**
 * The notify channel of an instance that speaks as to systemd: hears only its own processes, and knows which of them
 * is the main one.
 *
 * It begins before the spawn, since the path of its socket must be told, and ends with the main process.
 */
import type { Exit } from '../../events/fact-shape.ts';
import type { Notification } from '../ports.ts';
import type { Facts } from '../tree/members/membership.ts';
import { ROOT } from '../tree/members/possible-users.ts';
import { isWholeProcess, readCommandLine } from '../tree/proc/process-file.ts';
import type { ProcessTree } from '../tree/process-tree.ts';
import type { Attribution } from '../tree/table/attribution.ts';
import type { Datagram } from './notify-datagrams.ts';
import { createHandover, type Successor } from './notify-handover.ts';
import type { NotifySocket } from './notify-sockets.ts';
import { createSystemdProtocol, isBarrier, type SystemdWord } from './notify-systemd.ts';

export interface SystemdChannel {
  /** Call it when the spawned process has ended. Settles when the main one has, with how that ended. */
  untilMainEnds(exit: Exit): Promise<Exit>;
  /** The main process, as long as it lives and is another than the spawned one. */
  successor(): Successor | undefined;
  /** Settles when that one has ended, or there is none. */
  successorEnded(): Promise<unknown>;
  /** Something was done that may end the main process. */
  hurry(): void;
  /** Hears no more. Harmless when repeated. */
  close(): void;
}

export type ChannelOptions = Omit<SenderOptions, 'isRunning'> & {
  /** Owned from now on. */
  readonly socket: NotifySocket;
  /** Its heartbeats are waited for. */
  readonly watchdogMs?: number | undefined;
  onNotification(notification: Notification): void;
};

export function openSystemdChannel(options: ChannelOptions): SystemdChannel {
  const { socket, onNotification, pid: leader } = options;
  const understand = createSystemdProtocol();
  const handover = createHandover();
  const refused = new Set<string>();
  let isLeaderRunning = true;
  let told: Exit | undefined;
  const whose = createSenderCheck({ ...options, isRunning: () => isLeaderRunning });

  /** What is refused is told once for each reason: it may come a thousand times. */
  const refuse = (reason: string, describe: () => string): void => {
    if (refused.has(reason)) return;
    refused.add(reason);
    onNotification({ kind: 'note', text: describe() });
  };

  const hear = (datagram: Datagram): void => {
    const { sender, bytes, isCut } = datagram;
    // Its sender was told by the mere receipt, and need not be there any more.
    if (isBarrier(bytes)) return;
    const from = whose(datagram);
    if (from !== 'own') refuse(from, () => describeRefused(sender, from));
    else if (isCut) refuse('cut', () => 'sent a message of more than 64 KiB: ignored');
    else for (const word of understand(bytes)) obey(word, sender);
  };

  const obey = (word: SystemdWord, sender: number): void => {
    // Who hands over to another also says that it stops: that is not the end of the service.
    const isMain = sender === (handover.living()?.pid ?? leader);
    switch (word.kind) {
      case 'main-process':
        nameMain(word.pid);
        break;
      case 'exit-status':
        if (isMain) told = { kind: 'code', code: word.code };
        onNotification({ kind: 'note', text: `says that it will exit with ${word.code}` });
        break;
      default:
        if (word.kind === 'stopping' && isMain) told ??= { kind: 'code', code: 0 };
        if (word.kind === 'ready' && options.watchdogMs === undefined) socket.expect(false);
        onNotification(word);
    }
  };

  const nameMain = (pid: number): void => {
    if (pid === leader && isLeaderRunning) {
      handover.giveBack();
      return;
    }
    const named = findMainProcess(pid, options);
    if ('why' in named) {
      refuse(named.why, () => `names process ${pid} as its main one, but ${named.why}: ignored`);
    } else if (handover.take(named)) {
      told = undefined;
      onNotification({ kind: 'note', text: `has process ${pid} as its main one from now on` });
    }
  };

  socket.expect(true);
  socket.attach(hear);

  return {
    async untilMainEnds(exit) {
      socket.drain();
      isLeaderRunning = false;
      const known = handover.isMade() ? await handover.ended() : exit;
      socket.close();
      onNotification({ kind: 'closed' });
      return known ?? told ?? { kind: 'unknown' };
    },
    successor: () => handover.living(),
    successorEnded: () => handover.ended(),
    hurry: () => handover.hurry(),
    close() {
      handover.dispose();
      socket.close();
    },
  };
}

function describeRefused(sender: number, from: Exclude<Sender, 'own'>): string {
  if (sender === 0) return "a process that can't be seen from here sent to its NOTIFY_SOCKET: ignored";
  return from === 'gone'
    ? `process ${sender} sent to its NOTIFY_SOCKET, but had ended before it could be recognised: ignored; let it wait, as systemd-notify does`
    : `process ${sender} (${readCommandLine(sender)}) sent to its NOTIFY_SOCKET, but is none of its own: ignored`;
}

// Whether a process that sent something belongs to an instance, told at once: who only sends and ends is gone soon.

type Sender = 'own' | 'stranger' | 'gone';

interface SenderOptions {
  /** Of the process that was spawned. */
  readonly pid: number;
  readonly tree: ProcessTree;
  readonly attribution: Attribution;
  /** The spawned process hasn't ended, or what it said last isn't read yet. */
  isRunning(): boolean;
}

const INIT = 1;
/** How long a stranger's pid counts as his, so that a flood of his costs little: see the look at the process table. */
const STRANGER_MS = 250;
const MOST_STRANGERS = 1000;

/** Never throws. `NotifyAccess=all` of systemd: every process of the instance may speak for it. */
function createSenderCheck(options: SenderOptions): (from: Pick<Datagram, 'sender' | 'uid'>) => Sender {
  const { pid: leader, tree, attribution, isRunning } = options;
  const strangers = new Map<number, number>();
  return ({ sender, uid }) => {
    // `systemd-notify` speaks for its parent: for us if it is the command itself. Only root can name another process
    // than itself, and he could name the leader as well.
    if (sender === process.pid) return uid === ROOT || uid === process.getuid?.() ? 'own' : 'stranger';
    if (sender === leader && isRunning()) return 'own';
    if ((strangers.get(sender) ?? 0) > performance.now()) return 'stranger';
    const line = tolerate(() => attribution.line(sender)) ?? [];
    if (line.length === 0) return 'gone';
    if (tree.has(line)) return 'own';
    if (strangers.size >= MOST_STRANGERS) strangers.clear();
    strangers.set(sender, performance.now() + STRANGER_MS);
    return 'stranger';
  };
}

/** Why a process can't be the main one of an instance, a clause; else it, as it was seen. Never throws. */
function findMainProcess(
  pid: number,
  { tree, attribution }: Pick<SenderOptions, 'tree' | 'attribution'>,
): Facts | { readonly why: string } {
  const line = tolerate(() => attribution.line(pid)) ?? [];
  const [named] = line;
  if (pid === process.pid) return { why: 'that is orderly itself' };
  if (pid === INIT) return { why: 'that is PID 1' };
  if (named === undefined || !tolerate(() => isWholeProcess(pid))) return { why: 'there is no such process' };
  if (!tree.has(line)) return { why: 'that is none of its own' };
  return named.dead ? { why: 'that has ended' } : named;
}

/** The system is out of descriptors or memory: then nobody can be recognised. */
function tolerate<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
