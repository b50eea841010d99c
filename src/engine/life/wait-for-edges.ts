/**
 * A pending service's wait: until every edge's condition holds, or it can't start any more.
 *
 * What it returns was true when it was returned; the launch asks again at the last moment.
 */
import { moveOnAt, now } from '../../concurrency/index.ts';
import type { Edge } from '../../config/types.ts';
import type { WaitingFor } from '../../events/event.ts';
import { isRest } from '../../events/state-table.ts';
import type { Run } from '../run/run.ts';
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
    const verdict = verdictNow(run, node, clock);
    if (verdict.kind === 'stopped' || verdict.kind === 'never' || verdict.kind === 'timed-out') {
      // It had just left its rest, and what is wanted or its edges became others: no way leads from one rest to another.
      if (isRest(node.state)) tellPending(run, node, []);
      return verdict;
    }
    if (verdict.kind === 'go' && told !== undefined) return { kind: 'go', clock };
    const { spec } = node;
    const waiting = waitingNow(run, node, verdict);
    const telling = tellingOf(waiting);
    // What is pending already has nothing new to tell while it waits for another graph.
    if (verdict === HELD ? node.state !== 'pending' : telling !== told) {
      told = telling;
      tellPending(run, node, waiting);
      node.release();
    }
    if (verdict.kind === 'go') return { kind: 'go', clock };
    const isHeld = () => node.heldBy !== undefined;
    const changed = () =>
      node.stopReason !== undefined ||
      node.spec !== spec ||
      isHeld() !== (verdict === HELD) ||
      (!isHeld() && differs(verdict, judgeNow(run, node, clock))) ||
      (run.requests.isAnyDown && tellingOf(waitingNow(run, node, verdict)) !== telling);
    await moveOnAt(now() + nextTimeout(verdict, clock), () => node.pulse.until(changed));
  }
}

function verdictNow(run: Run, node: ServiceNode, clock: EdgeClock): EdgesVerdict | typeof STOPPED {
  if (node.stopReason !== undefined) return STOPPED;
  return node.heldBy === undefined ? judgeNow(run, node, clock) : HELD;
}

const STOPPED = { kind: 'stopped' } as const;

function tellPending(run: Run, { name, attempt }: ServiceNode, waiting: readonly WaitingFor[]): void {
  run.announce({ type: 'service.pending', service: name, attempt, waiting_for: waiting });
  run.changed.fire();
}

const NO_REPLICA: EdgesVerdict & { kind: 'wait' } = { kind: 'wait', edges: [] };

function waitingNow(run: Run, { spec }: ServiceNode, verdict: EdgesVerdict): readonly WaitingFor[] {
  if (verdict === NO_REPLICA)
    return (spec.without ?? []).map((service) => ({ service, condition: 'ready', why: 'no replica' }));
  return verdict.kind === 'wait' ? waitingFor(verdict.edges, (service) => run.nodes.get(service)!) : [];
}

/** What is worth telling again when it is different. */
function tellingOf(waiting: readonly WaitingFor[]): string {
  return waiting.map((one) => `${one.service} ${one.stopped_by ?? ''}`).join(' ');
}

/** It waits for another graph to be in force. */
const HELD: EdgesVerdict & { kind: 'wait' } = { kind: 'wait', edges: [] };

export function judgeNow(run: Run, node: ServiceNode, clock: EdgeClock): EdgesVerdict {
  clock.look(now());
  // It needs one of what has no replica.
  if (node.spec.without !== undefined) return NO_REPLICA;
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

// How long a pending service has waited for each of its edges. Time in which a request keeps the dependency down doesn't
// count: nobody fails because a person stopped something.

export class EdgeClock {
  readonly #node: ServiceNode;
  readonly #sinceMs: number;
  /** By the name of the dependency: how long it was kept down, and since when it is. */
  readonly #pausedMs = new Map<string, number>();
  readonly #pausedSinceMs = new Map<string, number>();

  /** For the edges of a service that is pending from `sinceMs` on. */
  constructor(node: ServiceNode, sinceMs: number) {
    this.#node = node;
    this.#sinceMs = sinceMs;
  }

  /** Takes notice of what is down now. Call it whenever that may have changed. */
  look(nowMs: number): void {
    for (const dependency of this.#node.dependencies) {
      const { name } = dependency;
      const sinceMs = this.#pausedSinceMs.get(name);
      const isDown = dependency.isDownByRequest;
      if (isDown && sinceMs === undefined) this.#pausedSinceMs.set(name, nowMs);
      if (isDown || sinceMs === undefined) continue;
      this.#pausedSinceMs.delete(name);
      this.#pausedMs.set(name, (this.#pausedMs.get(name) ?? 0) + nowMs - sinceMs);
    }
  }

  isPaused({ service }: Edge): boolean {
    return this.#pausedSinceMs.has(service);
  }

  waitedMs({ service }: Edge, nowMs: number): number {
    const untilMs = this.#pausedSinceMs.get(service) ?? nowMs;
    return untilMs - this.#sinceMs - (this.#pausedMs.get(service) ?? 0);
  }
}
