/**
 * For tests about the death of the supervisor: who its guardian is, who of a run is alive.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { findMarked } from './marked-processes.ts';
import type { OrderlyRun } from './run-orderly.ts';

/** The pids of the guardians of that supervisor, the helper or a shell, dead or alive. */
export function guardiansOf(supervisor: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const command = commandOf(pid);
      return (
        command.includes(`\0orderly-guardian\0${supervisor}-`) ||
        command === `orderly-helper\0${supervisor}\0`
      );
    })
    .map(Number);
}

/** What is alive of the services of that supervisor. */
export function servicesOf(supervisor: number): readonly number[] {
  return findMarked(`ORDERLY_RUN=${supervisor}-`).map(({ pid }) => pid);
}

/**
 * Resolves when a turn of the supervisor has ended that was under way in this moment: it answers a signal that asks it for
 * nothing with a note. It does so once.
 */
export async function turnEnded(run: OrderlyRun): Promise<void> {
  run.signal('SIGUSR2');
  await run.event((event) => event.type === 'run.note' && event.text.startsWith('SIGUSR2'));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return ''; // It has ended meanwhile.
  }
}
