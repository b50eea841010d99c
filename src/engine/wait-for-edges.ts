/**
 * A pending service's wait: until every edge's condition holds, or it can't start any more.
 *
 * What it returns was true when it was returned; the launch asks again at the last moment.
 */
import { moveOnAt, now } from '../concurrency/index.ts';
import { type EdgesVerdict, judgeEdges, waitingFor } from './edges.ts';
import type { Run } from './run.ts';
import type { ServiceNode } from './service-node.ts';

export type Admission =
  /** `sinceMs`: when the wait began, which timeouts of edges count from. */
  | { readonly kind: 'go'; readonly sinceMs: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'never'; readonly because: string; readonly fault: string | undefined }
  | { readonly kind: 'timed-out'; readonly because: string };

/** `regains`: it ran until it lost something, and is pending again, which is told. */
export async function waitForEdges(run: Run, node: ServiceNode, regains: boolean): Promise<Admission> {
  const sinceMs = now();
  let told = regains ? undefined : '';
  for (;;) {
    if (node.stopReason !== undefined) return { kind: 'stopped' };
    const verdict = judgeNow(run, node, now() - sinceMs);
    if (verdict.kind === 'never' || verdict.kind === 'timed-out') return verdict;
    if (verdict.kind === 'go' && told !== undefined) return { ...verdict, sinceMs };
    const waiting = verdict.kind === 'wait' ? waitingFor(verdict.edges) : [];
    const telling = waiting.map((one) => one.service).join(' ');
    if (telling !== told && (node.attempt === 0 || regains)) {
      told = telling;
      run.announce({
        type: 'service.pending',
        service: node.name,
        attempt: node.attempt,
        waiting_for: waiting,
      });
      node.relinquish();
    }
    if (verdict.kind === 'go') return { ...verdict, sinceMs };
    const changed = () =>
      node.stopReason !== undefined || differs(verdict, judgeNow(run, node, now() - sinceMs));
    await moveOnAt(sinceMs + nextTimeout(verdict, now() - sinceMs), () => node.pulse.until(changed));
  }
}

export function judgeNow(run: Run, node: ServiceNode, waitedMs: number): EdgesVerdict {
  return judgeEdges(node.spec.dependsOn, (service) => run.nodes.get(service)!, waitedMs);
}

function differs(before: EdgesVerdict & { kind: 'wait' }, after: EdgesVerdict): boolean {
  return after.kind !== 'wait' || after.edges.length !== before.edges.length;
}

function nextTimeout(verdict: EdgesVerdict & { kind: 'wait' }, waitedMs: number): number {
  const limits = verdict.edges.map((edge) => edge.timeoutMs ?? Number.POSITIVE_INFINITY);
  return Math.min(...limits.filter((limitMs) => limitMs > waitedMs));
}
