/**
 * Which of several runs of a project goes on. Pure; needs no lock of the kernel, and no crash can jam it.
 *
 * Everyone writes its claim first and reads those of the others after that. So of any two the one that read last has
 * seen the other: if that runs, it yields; if that is still choosing, the order decides, and the first of the two waits
 * until the other, which may have read before it was there, runs or is gone. Hence never two, and of those that live on
 * always one.
 */
import type { RunIdentity } from './run-id.ts';

/** A living run of the same project. */
export interface Rival {
  readonly identity: RunIdentity;
  readonly running: boolean;
}

export type ClaimDecision<Other extends Rival> =
  | { readonly kind: 'run' }
  | { readonly kind: 'wait'; readonly for: Other }
  | { readonly kind: 'yield'; readonly to: Other };

export function decideClaim<Other extends Rival>(
  own: RunIdentity,
  rivals: readonly Other[],
): ClaimDecision<Other> {
  const running = rivals.find((rival) => rival.running);
  if (running !== undefined) return { kind: 'yield', to: running };
  const [first] = [...rivals].sort((a, b) => inOrder(a.identity, b.identity));
  if (first === undefined) return { kind: 'run' };
  return inOrder(first.identity, own) < 0 ? { kind: 'yield', to: first } : { kind: 'wait', for: first };
}

/** Who began earlier goes first. */
function inOrder(a: RunIdentity, b: RunIdentity): number {
  return a.startTicks - b.startTicks || a.pid - b.pid;
}
