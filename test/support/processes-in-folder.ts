/**
 * Processes found by where they are: their working directory. For those that threw away every other sign.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { type ListedProcess, lookAt, stillRuns } from './process-list.ts';

/** All that run in this folder or below it, even if it has been removed. */
export function processesIn(folder: string): readonly ListedProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isIn(folder, workingFolder(name)))
    .flatMap((pid) => lookAt(Number(pid)) ?? [])
    .filter(({ isZombie }) => !isZombie);
}

/** Kills them, and what they start meanwhile. */
export function killIn(folder: string): void {
  for (let found = processesIn(folder); found.length > 0; found = processesIn(folder)) {
    for (const each of found) if (stillRuns(each)) tryToKill(each.pid);
  }
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return ''; // It has ended meanwhile, or belongs to somebody else.
  }
}

function isIn(folder: string, path: string): boolean {
  return path === folder || path === `${folder} (deleted)` || path.startsWith(`${folder}/`);
}

function tryToKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
