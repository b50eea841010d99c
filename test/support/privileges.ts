/**
 * What this machine lets tests do; where it doesn't, they are skipped with these reasons.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findCgroup } from '../../src/process/cgroup/find-cgroup.ts';
import { createRunCgroup } from '../../src/process/cgroup/run-cgroup.ts';

/** Stands before a command that is to be PID 1. */
export const asPidOne: readonly string[] = ['unshare', '--pid', '--fork', '--mount-proc'];

const isAllowed = spawnSync(asPidOne[0]!, [...asPidOne.slice(1), 'true']).status === 0;

/** For `skip`. */
export const noNamespaces = isAllowed ? false : 'namespaces are not permitted here';

/** For `skip`. */
export const noCgroup = await whyNoCgroup();

/** The folder of our own cgroup, version 2. */
export function ownCgroup(): string | undefined {
  return findCgroup(readFileSync('/proc/self/mountinfo', 'utf8'), readFileSync('/proc/self/cgroup', 'utf8'))
    ?.folder;
}

/** The process that is PID 1 inside, as it is called outside: `unshare` has one child. */
export function pidOneOf(unshare: number): number {
  return Number(readFileSync(`/proc/${unshare}/task/${unshare}/children`, 'utf8'));
}

async function whyNoCgroup(): Promise<string | false> {
  const made = await createRunCgroup(`test-${process.pid}`);
  if (made.kind === 'none') return made.why;
  await made.cgroup.dispose();
  return false;
}
