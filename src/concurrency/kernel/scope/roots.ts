/**
 * The outermost open scopes, and the waits outside any: the places from which `openTasks` looks for open work. Held
 * weakly, so that being listed keeps nothing alive; but for the turn of the loop in which they were opened, since most
 * end in it and a weak reference is the dearest part of a short scope.
 */
import { MemberList, type ScopeMember } from './member.ts';

/** Of this turn. */
const young = new MemberList();
const old = new Set<WeakRef<ScopeMember>>();
const references = new WeakMap<ScopeMember, WeakRef<ScopeMember>>();
let isAgeing = false;

/** Lists `member`, which is in no scope, until `removeRoot`. */
export function addRoot(member: ScopeMember): void {
  young.add(member);
  if (isAgeing) return;
  isAgeing = true;
  // It keeps no program alive.
  setImmediate(age).unref();
}

export function removeRoot(member: ScopeMember): void {
  const reference = references.get(member);
  if (reference === undefined) member.unlink();
  else old.delete(reference);
}

/** The open roots in the order in which they were opened. */
export function listRoots(): readonly ScopeMember[] {
  const open: ScopeMember[] = [];
  for (const reference of old) {
    const member = reference.deref();
    if (member === undefined) old.delete(reference);
    else open.push(member);
  }
  return [...open, ...young];
}

function age(): void {
  isAgeing = false;
  for (const member of [...young]) {
    member.unlink();
    const reference = new WeakRef(member);
    references.set(member, reference);
    old.add(reference);
  }
}
