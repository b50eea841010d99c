/**
 * The size of the terminal that a run is shown on, and when it is another one.
 */
import { isatty, type WriteStream } from 'node:tty';
import type { TerminalSize } from '../ports.ts';

/** Of the one that stderr is, else stdout; of no terminal a usual one. */
export function terminalSize(): TerminalSize {
  const { columns, rows } = shownOn();
  // Some terminals say that they are 0 by 0.
  return { columns: columns || 80, rows: rows || 24 };
}

/** Calls it each time that it may be another one. */
export function onTerminalResize(listen: () => void): void {
  shownOn().on('resize', listen);
}

function shownOn(): WriteStream {
  return isatty(2) || !isatty(1) ? process.stderr : process.stdout;
}
