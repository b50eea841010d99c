/**
 * A look at everything that is still open: scopes, groups, tasks and waits, each under its name.
 * It is for tests and diagnosis; it keeps nothing alive.
 */
import { listRoots } from './roots.ts';
import type { ScopeMember } from './scope-member.ts';

/**
 * The innermost open pieces of work, each with the trail that leads to it, such as
 * `group > worker > sleep 500 ms`. A task that is awaiting a foreign promise ends its trail.
 */
export function openTasks(): readonly string[] {
  const open: string[] = [];
  for (const root of listRoots()) collect(root, '', open);
  return open;
}

function collect(member: ScopeMember, trail: string, open: string[]): void {
  const path = trail === '' ? member.label : `${trail} > ${member.label}`;
  let isLeaf = true;
  for (const inner of member.inner) {
    isLeaf = false;
    collect(inner, path, open);
  }
  if (isLeaf) open.push(path);
}
