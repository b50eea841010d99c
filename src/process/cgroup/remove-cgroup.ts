/**
 * Takes a cgroup away with all that is below it: of a run that is over, or of one whose supervisor was killed.
 */
import { readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { sendSignal } from '../tree/signals/send-signal.ts';

/** How long what was killed may take to be gone; what sleeps in the kernel takes longer. */
const PATIENCE_MS = 1000;
const PAUSE_MS = 10;
/** Of pauses that double from 1 ms on: half a second in all. */
const LONGEST_PAUSE_MS = 256;

/**
 * Kills everything in the cgroup and below, and removes the folders. Resolves with whether it is gone, after a second
 * at the latest; true if it wasn't there. Never rejects.
 */
export async function removeCgroup(folder: string): Promise<boolean> {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    killAll(folder);
    removeEmptyCgroup(folder);
    if (!isThere(folder)) return true;
    if (performance.now() >= endMs) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Removes the folder and those below it, as far as nothing is in them. Tells whether it is gone. Never throws. */
export function removeEmptyCgroup(folder: string): boolean {
  if (tryToRemove(folder) !== 'busy') return true;
  for (const below of foldersIn(folder)) removeEmptyCgroup(`${folder}/${below}`);
  return tryToRemove(folder) !== 'busy';
}

/**
 * The same, again for a moment where it is in use: a process was seen to be counted there some milliseconds after
 * it was reaped, on a machine that was used up a quarter of a second. Never rejects.
 */
export async function removeCgroupSoon(folder: string): Promise<void> {
  for (let pauseMs = 1; pauseMs <= LONGEST_PAUSE_MS; pauseMs *= 2) {
    if (removeEmptyCgroup(folder)) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** Why not is not worth a word: an empty folder costs nothing. */
function tryToRemove(folder: string): 'removed' | 'busy' | 'impossible' {
  try {
    rmdirSync(folder);
    return 'removed';
  } catch (error) {
    // A process is in it, or another cgroup.
    return (error as NodeJS.ErrnoException).code === 'EBUSY' ? 'busy' : 'impossible';
  }
}

function killAll(folder: string): void {
  try {
    writeFileSync(`${folder}/cgroup.kill`, '1');
  } catch {
    // Before Linux 5.14 there is no such file: then one by one.
    killEach(folder);
  }
}

function killEach(folder: string): void {
  for (const below of foldersIn(folder)) killEach(`${folder}/${below}`);
  try {
    // A number from outside our pid namespace is shown as 0, which would be our own group.
    for (const pid of readFileSync(`${folder}/cgroup.procs`, 'utf8').split('\n').map(Number)) {
      if (pid > 0) sendSignal(pid, 'SIGKILL');
    }
  } catch {
    // It is gone.
  }
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function isThere(folder: string): boolean {
  try {
    readdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
