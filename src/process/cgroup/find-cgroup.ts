/**
 * Where in the file system our own cgroup is, from what the kernel tells of mounts and of us (cgroups(7)). Pure.
 *
 * Only version 2 counts, also where it stands beside version 1. In a container the mount may show a part of the
 * hierarchy only.
 */
import { unescapeOctal } from '../files/mounts.ts';

/** Our cgroup: its folder, and its path as `/proc/<pid>/cgroup` writes it. */
export interface OwnCgroup {
  readonly folder: string;
  readonly path: string;
}

/** Of the texts of `/proc/self/mountinfo` and `/proc/self/cgroup`; undefined: there is none that can be seen. */
export function findCgroup(mountinfo: string, cgroup: string): OwnCgroup | undefined {
  const path = cgroupPath(cgroup);
  if (path === undefined) return undefined;
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    if (!after.startsWith('cgroup2 ')) continue;
    const [, , , root = '', mountPoint = ''] = before.split(' ').map(unescapeOctal);
    const below = pathBelow(root, path);
    if (below !== undefined) return { folder: `${mountPoint}${below}`, path };
  }
  return undefined;
}

/** The path in version 2, from a text like that of `/proc/self/cgroup`; undefined: it has none. */
export function cgroupPath(cgroup: string): string | undefined {
  const start = cgroup.startsWith('0::') ? 0 : cgroup.indexOf('\n0::') + 1;
  if (start === 0 && !cgroup.startsWith('0::')) return undefined;
  const end = cgroup.indexOf('\n', start);
  return cgroup.slice(start + 3, end === -1 ? undefined : end);
}

/** What of `path` lies below `root`, from its slash on; empty for the root itself. */
function pathBelow(root: string, path: string): string | undefined {
  const under = root === '/' ? '' : root;
  if (path === (under || '/')) return '';
  return path.startsWith(`${under}/`) && !path.startsWith(`${under}/..`)
    ? path.slice(under.length)
    : undefined;
}
