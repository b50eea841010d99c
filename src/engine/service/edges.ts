/**
 * Whether the edges of a service let it start. Pure.
 *
 * `started` and `ready` speak of the dependency's current instance, `completed` and `exited` of its rest: an instance
 * that another one follows is no end. A completed task counts as started and ready too: nobody waits for a
 * migration to be running. So does a function that was ready and has returned for good: what it reported is still there.
 */
import type { Edge, EdgeCondition, EdgeGroup } from '../../config/types.ts';
import type { WaitingFor } from '../../events/event.ts';
import { formatDuration } from '../../events/format-duration.ts';

/** What a dependent can see of a dependency. */
export interface DependencyView {
  /** The number of its latest instance. */
  readonly attempt: number;
  /** The oldest instance that this one stands in for: its own number, unless it came in the place of another unnoticed. */
  readonly standsInFor: number;
  readonly isTask: boolean;
  /** It is a function of this program. */
  readonly isCall: boolean;
  /** Its current instance is spawned and hasn't ended. */
  readonly spawned: boolean;
  /** Its current instance is ready and hasn't ended. */
  readonly ready: boolean;
  /** Why that instance can't be relied on any more: it has ended, or is about to be stopped. */
  readonly lost: string | undefined;
  /** The same, once it is more than a plan of a request. */
  readonly lostAlready: string | undefined;
  /** It is at rest, and its last instance ended with success. */
  readonly completed: boolean;
  /** It is at rest, and it had an instance. */
  readonly exited: boolean;
  /** It is at rest: how it came to be, a clause that follows its name. */
  readonly over: string | undefined;
  /** It is at rest, and nothing but a request brings it back. What a request keeps down only waits for another one. */
  readonly isNever: boolean;
  /** A request keeps it down, or what it needs: nobody knows for how long. */
  readonly isHeld: boolean;
  /** A request keeps it down itself. */
  readonly isDownByRequest: boolean;
  /** Whose failure that is due to; undefined: nobody's. */
  readonly fault: string | undefined;
}

/** What can be told of a dependency that is waited for. */
export interface Waited {
  readonly state: string;
  readonly stopReason: string | undefined;
  /** The request that keeps it down; undefined: none does. */
  readonly stoppedBy: string | undefined;
}

export type EdgeVerdict = 'holds' | 'waiting' | 'never';

export function judgeEdge(condition: EdgeCondition, view: DependencyView): EdgeVerdict {
  if (holds(condition, view)) return 'holds';
  return view.isNever ? 'never' : 'waiting';
}

function holds(condition: EdgeCondition, view: DependencyView): boolean {
  const done = view.completed && (view.isTask || (view.isCall && view.over !== undefined));
  switch (condition) {
    case 'started':
      return (view.spawned && view.lost === undefined) || done;
    case 'ready':
      return (view.ready && view.lost === undefined) || done;
    case 'completed':
      return view.completed;
    case 'exited':
      return view.exited;
  }
}

export type EdgesVerdict =
  | { readonly kind: 'go' }
  | { readonly kind: 'wait'; readonly edges: readonly Edge[] }
  | { readonly kind: 'never'; readonly because: string; readonly fault: string | undefined }
  | { readonly kind: 'timed-out'; readonly because: string };

/**
 * All edges together. An optional edge is waited for while its dependency is coming, and passed over once that is
 * at rest or kept down, or `waitedMs` exceeds its timeout.
 */
export function judgeEdges(
  edges: readonly Edge[],
  view: (service: string) => DependencyView,
  waitedMs: (edge: Edge) => number,
): EdgesVerdict {
  const waiting: Edge[] = [];
  for (const edge of edges) {
    if (edge.group !== undefined && isCoveredBy(edges, edge, edge.group, view)) continue;
    const dependency = view(edge.service);
    const verdict = judgeEdge(edge.condition, dependency);
    if (verdict === 'holds' || (edge.optional && (verdict === 'never' || dependency.isHeld))) continue;
    if (verdict === 'never' && !mayComeYet(edges, edge, view)) {
      const { over, fault } = dependency;
      return { kind: 'never', because: `"${edge.service}" ${over}`, fault };
    }
    const late = edge.timeoutMs !== undefined && waitedMs(edge) >= edge.timeoutMs;
    if (late && edge.optional) continue;
    if (late) return { kind: 'timed-out', because: lateSentence(edge) };
    waiting.push(edge);
  }
  return waiting.length === 0 ? { kind: 'go' } : { kind: 'wait', edges: waiting };
}

/**
 * Another replica stands in: any that holds, or, where all are needed, for one that a request keeps down. Of replicas that are
 * all down one is waited for.
 */
function isCoveredBy(
  edges: readonly Edge[],
  edge: Edge,
  { name, needs }: EdgeGroup,
  view: (service: string) => DependencyView,
): boolean {
  if (needs === 'all' && !view(edge.service).isDownByRequest) return false;
  return edges.some(
    (other) =>
      other.group?.name === name &&
      other.service !== edge.service &&
      judgeEdge(other.condition, view(other.service)) === 'holds',
  );
}

/** One of the replicas of which any will do. */
function mayComeYet(
  edges: readonly Edge[],
  { group }: Edge,
  view: (service: string) => DependencyView,
): boolean {
  if (group?.needs !== 'any') return false;
  return edges.some(
    (other) =>
      other.group?.name === group.name && judgeEdge(other.condition, view(other.service)) !== 'never',
  );
}

/** With where each of them is, and which request keeps it down. */
export function waitingFor(edges: readonly Edge[], view: (service: string) => Waited): WaitingFor[] {
  return edges.map(({ service, condition }) => {
    const { state, stopReason, stoppedBy } = view(service);
    return {
      service,
      condition,
      why: stopReason ?? state,
      ...(stoppedBy !== undefined && { stopped_by: stoppedBy }),
    };
  });
}

function lateSentence(edge: Edge): string {
  return `"${edge.service}" was not ${edge.condition} within ${formatDuration(edge.timeoutMs ?? 0)}`;
}
