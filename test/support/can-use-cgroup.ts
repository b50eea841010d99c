/**
 * Whether this machine lets us make cgroups (v2) of our own: what only they can find can't be asked for elsewhere.
 */
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

export function canUseCgroup(): boolean {
  try {
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    const mount = mounts.find((line) => / - cgroup2 /.test(line))?.split(' ')[4];
    const own = /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1];
    if (mount === undefined || own === undefined) return false;
    const folder = join(mount, own, `orderly-test-${process.pid}`);
    mkdirSync(folder);
    rmdirSync(folder);
    return true;
  } catch {
    return false; // Not Linux, read-only, or not root.
  }
}
