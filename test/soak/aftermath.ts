/**
 * What a run may not leave: processes, found in every way there is, and cgroups.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMarked, killMarked } from '../support/marked-processes.ts';
import { listProcesses } from '../support/process-list.ts';
import { killIn, processesIn } from '../support/processes-in-folder.ts';
import type { Supervisor } from './supervisor.ts';

/** A sentence for each thing that is left, which is then removed. `sessions` are those of the run. */
export function whatIsLeft(supervisor: Supervisor, sessions: ReadonlySet<number>): readonly string[] {
  const { folder, marks, pid } = supervisor;
  const troubles = [
    ...findMarked(...marks).map(
      (each) => `a process with the mark of the run: ${each.pid} (${each.command})`,
    ),
    ...processesIn(folder).map((each) => `a process in the folder of the run: ${each.pid} (${each.name})`),
    ...listProcesses()
      .filter((each) => sessions.has(each.session) && !each.isZombie)
      .map((each) => `a process of a session of the run: ${each.pid} (${each.name})`),
    ...cgroupsOf(pid).map((path) => `a cgroup: ${path}`),
  ];
  killMarked(...marks);
  killIn(folder);
  return troubles;
}

/** Folders of version 2, anywhere, that are named after the run of this supervisor. */
function cgroupsOf(pid: number): readonly string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  const mount = mounts.find((line) => / - cgroup2 /.test(line))?.split(' ')[4];
  const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
  if (mount === undefined || own === undefined) return [];
  return readdirSync(join(mount, own))
    .filter((name) => name.startsWith(`orderly-${pid}-`))
    .map((name) => join(own, name));
}
