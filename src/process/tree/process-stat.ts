/**
 * One line of `/proc/<pid>/stat`, read as far as attribution needs it. Pure.
 */

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since the machine started; with the pid it names a process for ever. */
  readonly startTicks: number;
  /** A zombie: nothing of it runs any more, it only waits to be reaped. */
  readonly dead: boolean;
}

// Positions after the name, which stands in parentheses and may itself contain some (proc(5)).
const PARENT = 1;
const GROUP = 2;
const SESSION = 3;
const THREADS = 17;
const START = 19;

/** The process of that line; undefined if the line is not of that form. */
export function parseProcessStat(pid: number, line: string): ProcessStat | undefined {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ', START + 1);
  if (fields.length <= START) return undefined;
  const state = fields[0];
  return {
    pid,
    parent: Number(fields[PARENT]),
    group: Number(fields[GROUP]),
    session: Number(fields[SESSION]),
    startTicks: Number(fields[START]),
    // A main thread that ended before the others is shown as a zombie too, but the process runs on.
    dead: state === 'X' || (state === 'Z' && Number(fields[THREADS]) <= 1),
  };
}
