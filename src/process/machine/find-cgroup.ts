/**
 * Whether services can be put into cgroups (version 2) below our own, which kill a whole tree for certain.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRunCgroup } from '../cgroup/run-cgroup.ts';
import { type Finding, lacking, ok } from './finding.ts';

const MEANS = 'a tree is found by its group, its session, its parents and its environment instead';
const REMEDY =
  'run as root or under systemd-run --user --scope -p Delegate=yes, and in a container with /sys/fs/cgroup writable';

/** Makes one as a run does, and removes it. */
export async function findCgroup(): Promise<Finding> {
  const made = await createRunCgroup(`doctor-${process.pid}`);
  if (made.kind === 'none') return without(made.why, REMEDY);
  const { folder } = made.cgroup;
  const canKill = existsSync(join(folder, 'cgroup.kill'));
  await made.cgroup.dispose();
  return canKill
    ? ok('cgroup v2', dirname(folder))
    : without('without cgroup.kill', 'use Linux 5.14 or newer');
}

function without(found: string, remedy: string): Finding {
  return lacking('cgroup v2', found, MEANS, remedy);
}
