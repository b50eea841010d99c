/**
 * Every child process that this program has started and that hasn't ended yet.
 *
 * Whoever reaps orphans must know: a child that is waited for behind Node's back leaves its `exit` event away for ever.
 * So every spawn in the program goes through `ownChild`, in the very turn in which it is made.
 */
import type { ChildProcess } from 'node:child_process';

const LOOK_EVERY_MS = 2;

const own = new Set<number>();

/** Notes the child until it ends, and returns it. */
export function ownChild<Child extends Pick<ChildProcess, 'pid' | 'once'>>(child: Child): Child {
  const { pid } = child;
  if (pid === undefined) return child;
  own.add(pid);
  child.once('exit', () => own.delete(pid));
  return child;
}

/** The same for a child that Node doesn't know; what it returns is called when it was waited for. */
export function ownPid(pid: number): () => void {
  own.add(pid);
  return () => own.delete(pid);
}

/**
 * Settles when none is left, or at the limit: whoever ends before its children leaves them to a parent that may not
 * reap them. Never rejects.
 */
export async function untilChildrenEnd(limitMs: number): Promise<void> {
  const giveUpMs = performance.now() + limitMs;
  while (own.size > 0 && performance.now() < giveUpMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

export function isOwnChild(pid: number): boolean {
  return own.has(pid);
}
