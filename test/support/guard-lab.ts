/**
 * For tests about the death of the supervisor: who its guardian is, which claims there are, who of a run is alive.
 */
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pidNamespace, projectKey } from '../../src/process/project-key.ts';
import { runtimeFolders } from '../../src/process/runtime-folder.ts';
import { findMarked } from './marked-processes.ts';
import type { OrderlyRun } from './run-orderly.ts';

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

/** The names of all claims on the configuration of a run. */
export function claimsOn({ folder }: Pick<OrderlyRun, 'folder'>): readonly string[] {
  const world = { uid: process.getuid?.() ?? 0, tmpdir: tmpdir(), env: process.env };
  const key = projectKey(`file:${realpathSync(join(folder, 'supervisor.yaml'))}`, pidNamespace());
  return runtimeFolders(world)
    .map((parent) => join(parent, key))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).map((name) => join(path, name)));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return ''; // It has ended meanwhile.
  }
}
