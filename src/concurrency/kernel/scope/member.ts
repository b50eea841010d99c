/**
 * What a scope holds and a cancellation has to reach: pending waits and inner scopes. A member carries the links of
 * the list that it is in, at most one: adding and removing cost a few assignments, and a scope that holds one wait at
 * a time allocates nothing for it. The list owns no life cycle; it only remembers order.
 */
/** Something inside a scope, linked to it for as long as it is open. */
export abstract class ScopeMember {
  /** The list this member is in; the three fields belong to that list. */
  list: MemberList | undefined;
  previous: ScopeMember | undefined;
  next: ScopeMember | undefined;

  /** What it is, for reports of open work. */
  abstract readonly label: string;

  /** The members inside, if this is an open scope. */
  abstract readonly inner: Iterable<ScopeMember>;

  /** Told that a cancellation may have become visible here; inner members are told by the caller. */
  abstract reach(effects: ReachEffects): void;

  /** Whether a cancellation from outside stops here. */
  get isShielded(): boolean {
    return false;
  }

  /** Leaves its list; does nothing when in none. */
  unlink(): void {
    this.list?.remove(this);
  }
}

/** Members in the order in which they were added. */
export class MemberList {
  #first: ScopeMember | undefined;
  #last: ScopeMember | undefined;

  get isEmpty(): boolean {
    return this.#first === undefined;
  }

  add(member: ScopeMember): void {
    member.list = this;
    member.previous = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.next = member;
    this.#last = member;
  }

  /** Removes a member that must be in this list. */
  remove(member: ScopeMember): void {
    const { previous, next } = member;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    member.list = undefined;
    member.previous = undefined;
    member.next = undefined;
  }

  /** Visits the members of this moment; the list must not change meanwhile. */
  *[Symbol.iterator](): IterableIterator<ScopeMember> {
    for (let member = this.#first; member !== undefined; member = member.next) yield member;
  }
}

/** What remains to be done once a cancellation has been spread; nothing of it runs while spreading. */
export interface ReachEffects {
  /** Waits to reject. */
  readonly waits: { interrupt(): void }[];
  /** Abort signals to fire, whose listeners are foreign code. */
  readonly aborts: (() => void)[];
}

/** Spreads a cancellation through `members` and what is in them, down to the shields. */
export function reachAll(members: Iterable<ScopeMember>, effects: ReachEffects): void {
  const pending: Iterable<ScopeMember>[] = [members];
  for (let level = pending.pop(); level !== undefined; level = pending.pop()) {
    for (const member of level) {
      if (member.isShielded) continue;
      member.reach(effects);
      pending.push(member.inner);
    }
  }
}

// The outermost open scopes, and the waits outside any: the places from which `openTasks` looks for open work. Held
// weakly, so that being listed keeps nothing alive; but for the turn of the loop in which they were opened, since most
// end in it and a weak reference is the dearest part of a short scope.

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
