/**
 * Reads what shows of which instance a process is, whoever its parents are: its cgroup, and its mark.
 *
 * What the kernel doesn't show to us (the environment of another user's process, without CAP_SYS_PTRACE) shows nothing.
 */
import type { Facts } from './membership.ts';
import { readProcessFile } from './process-file.ts';
import { readProcessStat } from './process-stat-of.ts';
import { readUsers } from './process-user.ts';
import type { RunMarks } from './run-marks.ts';

export type Sign = Pick<Facts, 'cell' | 'mark' | 'uid'>;

export interface Attribution {
  /** Throws if the system has nothing left to look with. */
  of(pid: number): Sign;
  /**
   * The same for a process that was looked at before. A mark is for life, whatever is executed later; who had none is
   * looked at once more, since it may not have been executed yet.
   */
  again(pid: number, before: Sign | undefined): Sign;
  /** The process, its parent, and so on up to us or an init; empty: it is gone. Who reads on reads more. */
  line(pid: number): Generator<Facts>;
}

export const noSign: Sign = { cell: undefined, mark: undefined, uid: undefined };

/** More ancestors has nobody who means well. */
const LONGEST_LINE = 64;

/** `cellOf` tells of whom a process is by the text of its `cgroup`. */
export function createAttribution(
  marks: RunMarks,
  cellOf?: (cgroup: string) => string | undefined,
): Attribution {
  const cell = (pid: number): string | undefined => cellOf?.(readProcessFile(pid, 'cgroup') ?? '');
  const marked = (pid: number): Sign => {
    const found = marks.find(readProcessFile(pid, 'environ') ?? '', () => readUsers(pid)[0]);
    return found === undefined ? noSign : { cell: undefined, ...found };
  };
  const of = (pid: number): Sign => {
    const place = cell(pid);
    return place === undefined ? marked(pid) : { ...noSign, cell: place };
  };
  return {
    of,
    again(pid, before) {
      if (before === undefined) return of(pid);
      // Nobody but us moves it into a cell, and we do so before it can be seen.
      return before.cell === undefined && before.mark === undefined ? marked(pid) : before;
    },
    *line(pid) {
      let next = pid;
      for (let steps = 0; next > 1 && next !== process.pid && steps < LONGEST_LINE; steps++) {
        const stat = readProcessStat(next);
        if (stat === undefined) return;
        yield { ...stat, ...of(next) };
        next = stat.parent;
      }
    },
  };
}
