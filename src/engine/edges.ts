/**
 * Whether the edges of a service let it start. Pure.
 *
 * `started` and `ready` speak of the dependency's current instance, `completed` and `exited` of its end for good: an
 * instance that another one follows is no end. A completed task counts as started and ready too: nobody waits for a
 * migration to be running. So does a function that was ready and has returned for good: what it reported is still there.
 */
import type { Edge, EdgeCondition } from '../config/types.ts';
import type { WaitingFor } from '../events/event.ts';
import { formatDuration } from '../events/format-duration.ts';

/** What a dependent can see of a dependency. */
export interface DependencyView {
  /** The number of its latest instance. */
  readonly attempt: number;
  readonly isTask: boolean;
  /** It is a function of this program. */
  readonly isCall: boolean;
  /** Its current instance is spawned and hasn't ended. */
  readonly spawned: boolean;
  /** Its current instance is ready and hasn't ended. */
  readonly ready: boolean;
  /** Why that instance can't be relied on any more: it has ended, or is about to be stopped. */
  readonly lost: string | undefined;
  /** Why it must stop and not come back, once it must. */
  readonly stopReason: string | undefined;
  /** It is over, and its last instance ended with success. */
  readonly completed: boolean;
  /** It is over, and it had an instance. */
  readonly exited: boolean;
  /** There will be no further instance: how it ended, a clause that follows its name. */
  readonly over: string | undefined;
  /** Whose failure that is due to; undefined: nobody's. */
  readonly fault: string | undefined;
}

export type EdgeVerdict = 'holds' | 'waiting' | 'never';

export function judgeEdge(condition: EdgeCondition, view: DependencyView): EdgeVerdict {
  if (holds(condition, view)) return 'holds';
  return view.over === undefined && !isLeaving(condition, view) ? 'waiting' : 'never';
}

/** It still runs, perhaps for long, but it won't be there again. */
function isLeaving(condition: EdgeCondition, { stopReason }: DependencyView): boolean {
  return stopReason !== undefined && (condition === 'started' || condition === 'ready');
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
 * over or `waitedMs` exceeds its timeout.
 */
export function judgeEdges(
  edges: readonly Edge[],
  view: (service: string) => DependencyView,
  waitedMs: number,
): EdgesVerdict {
  const waiting: Edge[] = [];
  for (const edge of edges) {
    const dependency = view(edge.service);
    const verdict = judgeEdge(edge.condition, dependency);
    if (verdict === 'holds' || (edge.optional && verdict === 'never')) continue;
    if (verdict === 'never') {
      const { over, lost, fault } = dependency;
      return { kind: 'never', because: `"${edge.service}" ${over ?? lost}`, fault };
    }
    const late = edge.timeoutMs !== undefined && waitedMs >= edge.timeoutMs;
    if (late && edge.optional) continue;
    if (late) return { kind: 'timed-out', because: lateSentence(edge) };
    waiting.push(edge);
  }
  return waiting.length === 0 ? { kind: 'go' } : { kind: 'wait', edges: waiting };
}

export function waitingFor(edges: readonly Edge[]): WaitingFor[] {
  return edges.map((edge) => ({ service: edge.service, condition: edge.condition }));
}

function lateSentence(edge: Edge): string {
  return `"${edge.service}" was not ${edge.condition} within ${formatDuration(edge.timeoutMs ?? 0)}`;
}
