/**
 * Processes found by what their environment was when they were executed, wherever they went since.
 *
 * A zombie has no environment any more, and isn't found: it runs nothing.
 */
import { readdirSync, readFileSync } from 'node:fs';

export interface MarkedProcess {
  readonly pid: number;
  readonly command: string;
}

/** All that have a variable beginning with one of these texts: `NAME=value`. */
export function findMarked(...beginnings: readonly string[]): readonly MarkedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const environment = `\0${read(pid, 'environ')}`;
      return beginnings.some((beginning) => environment.includes(`\0${beginning}`));
    })
    .map((pid) => ({ pid: Number(pid), command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }));
}

/** Kills them, and what they start meanwhile. */
export function killMarked(...beginnings: readonly string[]): void {
  for (let found = findMarked(...beginnings); found.length > 0; found = findMarked(...beginnings)) {
    for (const { pid } of found) tryToKill(pid);
  }
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return ''; // It has ended meanwhile, or belongs to somebody else.
  }
}

function tryToKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
