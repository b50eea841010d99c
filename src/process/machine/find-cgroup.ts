/**
 * Whether we may make cgroups (version 2) below our own, which kill a whole tree for certain.
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, lacking, ok } from './finding.ts';

const MEANS = 'a tree is found by its group, its session, its parents and its environment instead';

export function findCgroup(): Finding {
  const folder = ownCgroup(readText('/proc/self/cgroup'), readText('/proc/self/mounts'));
  if (folder === undefined) return without('not mounted', 'mount cgroup2, or boot with it');
  const trial = join(folder, `orderly-doctor-${process.pid}`);
  try {
    mkdirSync(trial);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return without(
      `${folder} ${WHY[code] ?? `can't be used (${code})`}`,
      REMEDIES[code] ?? 'look at its permissions',
    );
  }
  const canKill = existsSync(join(trial, 'cgroup.kill'));
  rmdirSync(trial);
  return canKill ? ok('cgroup v2', folder) : without('without cgroup.kill', 'use Linux 5.14 or newer');
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'is not ours to write',
  EPERM: 'is not ours to write',
  EROFS: 'is read-only',
  ENOENT: 'is hidden in this namespace',
};
const REMEDIES: Readonly<Record<string, string>> = {
  EACCES: 'run under systemd-run --user --scope -p Delegate=yes, or as root',
  EROFS: 'mount /sys/fs/cgroup writable (docker run --privileged, or a delegated cgroup)',
};

function without(found: string, remedy: string): Finding {
  return lacking('cgroup v2', found, MEANS, remedy);
}

/** From the line `0::/path` and the mount of type cgroup2. Pure. */
export function ownCgroup(cgroups: string, mounts: string): string | undefined {
  const path = /^0::(.*)$/m.exec(cgroups)?.[1];
  const mount = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .find(([, , type]) => type === 'cgroup2')?.[1];
  if (path === undefined || mount === undefined) return undefined;
  return join(mount, path);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // No /proc, or a part of it is hidden.
    return '';
  }
}
