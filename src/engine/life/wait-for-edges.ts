/**
 * A pending service's wait: until every edge's condition holds, or it can't start any more.
 *
 * What it returns was true when it was returned; the launch asks again at the last moment.
 */
import { moveOnAt, now } from '../../concurrency/index.ts';
import type { Edge } from '../../config/types.ts';
import type { Run } from '../run/run.ts';
import { EdgeClock } from '../service/edge-clock.ts';
import { type EdgesVerdict, judgeEdges, waitingFor } from '../service/edges.ts';
import type { ServiceNode } from '../service/node.ts';

export type Admission =
  /** `clock`: how long each edge was waited for. */
  | { readonly kind: 'go'; readonly clock: EdgeClock }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'never'; readonly because: string; readonly fault: string | undefined }
  | { readonly kind: 'timed-out'; readonly because: string };

/** `isTold`: it was something else, and is pending now, which is told even if it needn't wait. */
export async function waitForEdges(run: Run, node: ServiceNode, isTold: boolean): Promise<Admission> {
  const clock = new EdgeClock(node, now());
  let told = isTold ? undefined : '';
  for (;;) {
    if (node.stopReason !== undefined) return { kind: 'stopped' };
    const verdict = judgeNow(run, node, clock);
    if (verdict.kind === 'never' || verdict.kind === 'timed-out') return verdict;
    if (verdict.kind === 'go' && told !== undefined) return { kind: 'go', clock };
    const waiting = verdict.kind === 'wait' ? waitingFor(verdict.edges) : [];
    const telling = waiting.map((one) => one.service).join(' ');
    if (telling !== told) {
      told = telling;
      run.announce({
        type: 'service.pending',
        service: node.name,
        attempt: node.attempt,
        waiting_for: waiting,
      });
      node.relinquish();
    }
    if (verdict.kind === 'go') return { kind: 'go', clock };
    const changed = () => node.stopReason !== undefined || differs(verdict, judgeNow(run, node, clock));
    await moveOnAt(now() + nextTimeout(verdict, clock), () => node.pulse.until(changed));
  }
}

export function judgeNow(run: Run, node: ServiceNode, clock: EdgeClock): EdgesVerdict {
  clock.look(now());
  return judgeEdges(
    node.spec.dependsOn,
    (service) => run.nodes.get(service)!,
    (edge) => clock.waitedMs(edge, now()),
  );
}

function differs(before: EdgesVerdict & { kind: 'wait' }, after: EdgesVerdict): boolean {
  return after.kind !== 'wait' || after.edges.length !== before.edges.length;
}

function nextTimeout(verdict: EdgesVerdict & { kind: 'wait' }, clock: EdgeClock): number {
  const nowMs = now();
  const leftMs = (edge: Edge) =>
    edge.timeoutMs === undefined || clock.isPaused(edge)
      ? Number.POSITIVE_INFINITY
      : edge.timeoutMs - clock.waitedMs(edge, nowMs);
  return Math.min(...verdict.edges.map(leftMs).filter((ms) => ms > 0), Number.POSITIVE_INFINITY);
}
