/**
 * Reads what shows of which instance a process is, whoever its parents are: its cgroup, and its mark.
 *
 * What the kernel doesn't show to us (the environment of another user's process, without CAP_SYS_PTRACE) shows nothing.
 */
import type { Adopter, Facts } from '../members/membership.ts';
import type { RunMarks } from '../members/run-marks.ts';
import { readEnviron, readProcessFile, readUsers } from '../proc/process-file.ts';
import { type ProcessStat, readProcessStat } from '../proc/process-stat.ts';

export interface Sign extends Pick<Facts, 'cell' | 'mark' | 'uid'> {
  /** It is being executed: whether it has a mark is not to be seen yet. */
  readonly isOpen?: true;
}

export interface Attribution {
  /** Throws if the system has nothing left to look with. */
  of(pid: number): Sign;
  /**
   * The same for a process that was looked at before. A mark is for life, whatever is executed later; who had none is
   * looked at once more, since it may not have been executed yet.
   */
  again(pid: number, before: Sign | undefined): Sign;
  /** The process, its parent, and so on up to us or an init; empty: it is gone. */
  line(pid: number): readonly Facts[];
  /** Whether a process descends from us, as `stats` know those above it; what they don't know is looked at. */
  isBelow(process: ProcessStat, stats: ReadonlyMap<number, ProcessStat>): boolean;
}

export interface AttributionOptions {
  readonly marks: RunMarks;
  readonly adopter: () => Adopter;
  /** Tells of whom a process is by the text of its `cgroup`. */
  readonly cellOf?: ((cgroup: string) => string | undefined) | undefined;
}

export const noSign: Sign = { cell: undefined, mark: undefined, uid: undefined };

/** More ancestors has nobody who means well. */
const LONGEST_LINE = 64;
/** Who ends in the middle of it leaves a gap: his children have another parent by then. */
const MOST_WALKS = 5;

export function createAttribution({ marks, adopter, cellOf }: AttributionOptions): Attribution {
  const cell = (pid: number): string | undefined => cellOf?.(readProcessFile(pid, 'cgroup') ?? '');
  const marked = (pid: number): Sign => {
    const environ = readEnviron(pid);
    if (environ?.isWhole === false) return { ...noSign, isOpen: true };
    const found = marks.find(environ?.text ?? '', () => readUsers(pid)[0]);
    return found === undefined ? noSign : { cell: undefined, ...found };
  };
  const of = (pid: number): Sign => {
    const place = cell(pid);
    return place === undefined ? marked(pid) : { ...noSign, cell: place };
  };
  const isOurs = (pid: number): boolean => pid === process.pid || pid === adopter();

  /** Up to us or an init; `gap`: the one above its last has ended. */
  const climb = (pid: number, find: (pid: number) => ProcessStat | undefined) => {
    const line: ProcessStat[] = [];
    for (let next = pid; ; ) {
      if (isOurs(next)) return { line, end: 'us' } as const;
      if (next <= 1 || line.length >= LONGEST_LINE) return { line, end: 'others' } as const;
      const stat = find(next);
      if (stat === undefined) return { line, end: 'gap' } as const;
      line.push(stat);
      next = stat.parent;
    }
  };
  const climbAnew = (pid: number): ReturnType<typeof climb> => {
    for (let walks = 1; ; walks++) {
      const found = climb(pid, readProcessStat);
      if (found.end !== 'gap' || found.line.length === 0 || walks >= MOST_WALKS) return found;
    }
  };

  return {
    of,
    again(pid, before) {
      if (before === undefined) return of(pid);
      // Nobody but us moves it into a cell, and we do so before it can be seen.
      return before.cell === undefined && before.mark === undefined ? marked(pid) : before;
    },
    line(pid) {
      const { line, end } = climbAnew(pid);
      return line.map((stat) => ({ ...stat, ...of(stat.pid), isBelow: end === 'us' }));
    },
    isBelow({ pid }, stats) {
      const seen = climb(pid, (each) => stats.get(each));
      // What forks on and on can't be followed: to wait for one that isn't ours does less harm than to lose one that is.
      return (seen.end === 'gap' ? climbAnew(pid) : seen).end !== 'others';
    },
  };
}
