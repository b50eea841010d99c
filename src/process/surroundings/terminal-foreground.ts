/**
 * Whether a process is in the foreground of its controlling terminal, by its line of `/proc/PID/stat`. Pure.
 */

// Positions after the name (proc(5)): pgrp, tty_nr, tpgid.
const GROUP = 2;
const TERMINAL = 4;
const FOREGROUND = 5;

export function isForegroundOf(line: string): boolean {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ', FOREGROUND + 1);
  return Number(fields[TERMINAL]) !== 0 && fields[FOREGROUND] === fields[GROUP];
}
