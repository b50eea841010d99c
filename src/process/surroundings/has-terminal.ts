/**
 * Whether there is a terminal that this program belongs to, so that a person at it may have pressed Ctrl-C.
 */
import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';

/** One of its standard streams is one; or all are redirected, and it is in the foreground of one. Never throws. */
export function hasTerminal(): boolean {
  if ([0, 1, 2].some((fd) => isatty(fd))) return true;
  try {
    return isForegroundOf(readFileSync('/proc/self/stat', 'latin1'));
  } catch {
    // No /proc.
    return false;
  }
}

/**
 * There is a terminal whose end we would hear by SIGHUP, be we in its foreground or not. What was one stays a file that is a
 * terminal when only the shell of it was killed. Never throws.
 */
export function belongsToTerminal(): boolean {
  try {
    return fieldsOf(readFileSync('/proc/self/stat', 'latin1'))[TERMINAL] !== '0';
  } catch {
    // No /proc.
    return [0, 1, 2].some((fd) => isatty(fd));
  }
}

// Whether a process is in the foreground of its controlling terminal, by its line of `/proc/PID/stat`. Pure.

// Positions after the name (proc(5)): pgrp, tty_nr, tpgid.
const GROUP = 2;
const TERMINAL = 4;
const FOREGROUND = 5;

export function isForegroundOf(line: string): boolean {
  const fields = fieldsOf(line);
  return Number(fields[TERMINAL]) !== 0 && fields[FOREGROUND] === fields[GROUP];
}

function fieldsOf(line: string): readonly string[] {
  return line.slice(line.lastIndexOf(')') + 2).split(' ', FOREGROUND + 1);
}
