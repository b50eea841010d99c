/**
 * The outermost open scopes, and the waits outside any: the places from which `openTasks` looks
 * for open work. Held weakly, so that being listed keeps nothing alive.
 */
import type { ScopeMember } from './scope-member.ts';

const roots = new Set<WeakRef<ScopeMember>>();

/** Lists `member` until the returned reference is given to `removeRoot`. */
export function addRoot(member: ScopeMember): WeakRef<ScopeMember> {
  const reference = new WeakRef(member);
  roots.add(reference);
  return reference;
}

export function removeRoot(reference: WeakRef<ScopeMember>): void {
  roots.delete(reference);
}

/** The open roots in the order in which they were opened. */
export function listRoots(): readonly ScopeMember[] {
  const open: ScopeMember[] = [];
  for (const reference of roots) {
    const member = reference.deref();
    if (member === undefined) roots.delete(reference);
    else open.push(member);
  }
  return open;
}
