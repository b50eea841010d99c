/**
 * For tests about the death of the supervisor: who its guardian is, who of a run is alive.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { findMarked } from './marked-processes.ts';

/** The pids of the guardians of that supervisor, dead or alive. */
export function guardiansOf(supervisor: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandOf(pid).includes(`\0orderly-guardian\0${supervisor}-`))
    .map(Number);
}

/** What is alive of the services of that supervisor. */
export function servicesOf(supervisor: number): readonly number[] {
  return findMarked(`ORDERLY_RUN=${supervisor}-`).map(({ pid }) => pid);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return ''; // It has ended meanwhile.
  }
}
