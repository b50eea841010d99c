/**
 * What a scope holds and a cancellation has to reach: pending waits and inner scopes.
 */
import { Linked } from './intrusive-list.ts';

/** Something inside a scope, linked to it for as long as it is open. */
export abstract class ScopeMember extends Linked {
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
