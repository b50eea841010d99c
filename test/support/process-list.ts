/**
 * The processes of this machine as `/proc` tells them, each with its identity: a pid alone is given out again.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface ListedProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly session: number;
  /** Of its executable, at most 15 characters. */
  readonly name: string;
  /** It has ended, and its parent hasn't looked at it yet. */
  readonly isZombie: boolean;
  /** In ticks since the boot: with the pid it is its identity. */
  readonly startTicks: string;
}

export function listProcesses(): readonly ListedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => lookAt(Number(pid)) ?? []);
}

/** Undefined: there is none of this pid. */
export function lookAt(pid: number): ListedProcess | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
  // A name may contain anything, parentheses and line ends included: it goes from the first to the last of them.
  const [from, to] = [text.indexOf('('), text.lastIndexOf(')')];
  const [state, ppid, , session, ...more] = text.slice(to + 2).split(' ');
  return {
    pid,
    ppid: Number(ppid),
    session: Number(session),
    name: text.slice(from + 1, to),
    isZombie: state === 'Z' || state === 'X',
    startTicks: more[15] ?? '',
  };
}

/** Whether this very process still runs. */
export function stillRuns({ pid, startTicks }: ListedProcess): boolean {
  const now = lookAt(pid);
  return now !== undefined && now.startTicks === startTicks && !now.isZombie;
}

/** The processes below one, however deep, without itself. */
export function descendantsOf(pid: number, all = listProcesses()): readonly ListedProcess[] {
  const found = new Set([pid]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const each of all) if (found.has(each.ppid)) found.add(each.pid);
  }
  return all.filter((each) => each.pid !== pid && found.has(each.pid));
}
