/**
 * Whether a process that sent something belongs to an instance, told at once: who only sends and ends is gone soon.
 */
import { findMarker, instanceMarker } from '../tree/instance-marker.ts';
import { readProcessFile } from '../tree/process-file.ts';
import { type ProcessStat, parseProcessStat } from '../tree/process-stat.ts';
import type { ProcessTree } from '../tree/process-tree.ts';

export type Sender = 'own' | 'stranger' | 'gone';

export interface SenderOptions {
  readonly run: string;
  readonly service: string;
  readonly attempt: number;
  /** Of the process that was spawned. */
  readonly pid: number;
  readonly tree: ProcessTree;
  /** The spawned process hasn't ended, or what it said last isn't read yet. */
  isRunning(): boolean;
}

/** More ancestors has nobody who means well. */
const LONGEST_LINE = 64;

/** Never throws. `NotifyAccess=all` of systemd: every process of the instance may speak for it. */
export function createSenderCheck(options: SenderOptions): (pid: number) => Sender {
  const { pid: leader, tree, isRunning } = options;
  const marker = instanceMarker(options.service, options.attempt);
  return (pid) => {
    // `systemd-notify` speaks for its parent: for us if it is the command itself. Only root can name another process
    // than itself, and he could name the leader as well.
    if (pid === process.pid || (pid === leader && isRunning())) return 'own';
    const stat = statOf(pid);
    if (stat === undefined) return 'gone';
    if (isRunning() && descendsFrom(leader, stat)) return 'own';
    const environ = tolerate(() => readProcessFile(pid, 'environ')) ?? '';
    return findMarker(environ, options.run) === marker || tree.has(pid) ? 'own' : 'stranger';
  };
}

function descendsFrom(leader: number, { group, session, parent }: ProcessStat): boolean {
  if (group === leader || session === leader) return true;
  for (let pid = parent, steps = 0; pid > 1 && steps < LONGEST_LINE; steps++) {
    if (pid === leader) return true;
    const stat = statOf(pid);
    if (stat === undefined) return false;
    pid = stat.parent;
  }
  return false;
}

function statOf(pid: number): ProcessStat | undefined {
  const line = tolerate(() => readProcessFile(pid, 'stat'));
  return line === undefined ? undefined : parseProcessStat(pid, line);
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
