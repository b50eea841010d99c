/**
 * Whether a process that sent something belongs to an instance, told at once: who only sends and ends is gone soon.
 */
import type { Facts } from '../tree/members/membership.ts';
import { ROOT } from '../tree/members/possible-users.ts';
import { isWholeProcess } from '../tree/proc/process-file.ts';
import type { ProcessTree } from '../tree/process-tree.ts';
import type { Attribution } from '../tree/table/attribution.ts';
import type { Datagram } from './notify-datagrams.ts';

export type Sender = 'own' | 'stranger' | 'gone';

export interface SenderOptions {
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
export function createSenderCheck(
  options: SenderOptions,
): (from: Pick<Datagram, 'sender' | 'uid'>) => Sender {
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
export function findMainProcess(
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
