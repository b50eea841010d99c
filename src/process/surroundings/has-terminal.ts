/**
 * Whether there is a terminal that this program belongs to, so that a person at it may have pressed Ctrl-C.
 */
import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';
import { isForegroundOf } from './terminal-foreground.ts';

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
