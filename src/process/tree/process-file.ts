/**
 * Reads what the kernel tells about one process.
 */
import { readFileSync } from 'node:fs';

const ENDED_OR_FOREIGN = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);

/** Undefined if the process has ended, or may not be looked at. Any other trouble throws: it says nothing about it. */
export function readProcessFile(
  pid: number,
  name: 'stat' | 'environ' | 'cgroup' | 'status',
): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    if (ENDED_OR_FOREIGN.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
