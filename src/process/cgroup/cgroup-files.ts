/**
 * The files by which a cgroup (version 2) is asked and told things: cgroups(7).
 */
import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';

/** SIGKILL to all that is in it and below; before Linux 5.14 there is no such file. Never throws. */
export function killCgroup(folder: string): void {
  tryTo(() => writeFileSync(`${folder}/cgroup.kill`, '1'));
}

/**
 * Whether anything is alive in it or below; a process that has ended and isn't reaped doesn't count. `unknown`: it
 * can't be read, for want of descriptors. Never throws.
 */
export function populationOf(folder: string): 'alive' | 'none' | 'unknown' {
  try {
    return readSmall(`${folder}/cgroup.events`).includes('populated 1') ? 'alive' : 'none';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : 'unknown';
  }
}

/**
 * The pids in it and below it; undefined: it can't be read, for want of descriptors. Empty if it isn't there. Never throws.
 */
export function pidsIn(folder: string): readonly number[] | undefined {
  try {
    const text = readSmall(`${folder}/cgroup.procs`);
    // A number from outside our pid namespace is shown as 0, which would be our own group.
    const own = text
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0);
    // A folder has a link of itself, one in the folder above, and one in each below.
    if (statSync(folder).nlink <= 2) return own;
    const below = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    return [...own, ...below.flatMap(({ name }) => pidsIn(`${folder}/${name}`) ?? [])];
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return code === 'ENOENT' || code === 'ENODEV' ? [] : undefined;
  }
}

/** The processor time of all that ever was in it and below; undefined: it can't be read. Never throws. */
export function cpuSecondsOf(folder: string): number | undefined {
  try {
    const usec = /^usage_usec (\d+)$/m.exec(readFileSync(`${folder}/cpu.stat`, 'latin1'))?.[1];
    return usec === undefined ? undefined : Number(usec) / 1e6;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}

const scratch = Buffer.alloc(4096);

/** With half of the calls that `readFileSync` makes. */
function readSmall(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const length = readSync(fd, scratch);
    return length < scratch.length ? scratch.toString('latin1', 0, length) : readFileSync(path, 'latin1');
  } finally {
    closeSync(fd);
  }
}

/** Whether the system did it. Throws only what isn't the system's. */
export function tryTo(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}
