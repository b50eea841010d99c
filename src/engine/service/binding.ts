/**
 * What a running instance relies on: for each edge that reacts, the instance that it was started with, and whether that
 * is lost. Pure.
 *
 * It goes by instances, not by whether the condition holds at a moment: a dependency that was lost and is back before
 * anybody looked has been lost.
 */
import type { Edge, OnLoss } from '../../config/types.ts';
import { shortened } from '../../events/describe.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { type DependencyView, judgeEdge } from './edges.ts';

export interface Binding {
  readonly edge: Edge;
  readonly onLoss: OnLoss;
  /** The dependency's instance; undefined: the edge is optional and hasn't held yet, so that it can't be lost. */
  readonly attempt: number | undefined;
  /** Since when that instance is lost, and why. */
  readonly lost?: { readonly atMs: number; readonly why: string };
}

/** A service gives way because of what it has lost; `again`: it starts again once that is back. */
export interface Loss {
  /** A clause that names the chain: `"db" was lost: exited with code 1 after 3 s`. */
  readonly reason: string;
  readonly again: boolean;
  /** What was lost. */
  readonly service: string;
}

/** What an instance that is spawned now relies on. */
export function bindTo(
  edges: readonly Edge[],
  view: (service: string) => DependencyView,
  nowMs: number,
): readonly Binding[] {
  const fresh = edges.flatMap((edge) =>
    edge.onLoss === undefined ? [] : [{ edge, onLoss: edge.onLoss, attempt: undefined }],
  );
  return followAll(fresh, view, nowMs);
}

/** The same bindings as they are now; the same array if nothing has changed. */
export function followAll(
  bindings: readonly Binding[],
  view: (service: string) => DependencyView,
  nowMs: number,
): readonly Binding[] {
  const followed = bindings
    // Of a task that has completed nothing can be lost, though it runs again.
    .filter((one) => !isDone(view(one.edge.service)))
    .map((one) => (isSpared(one, bindings, view) ? one : follow(one, view(one.edge.service), nowMs)));
  const isSame = followed.length === bindings.length && followed.every((one, at) => one === bindings[at]);
  return isSame ? bindings : followed;
}

/**
 * The bindings of an instance by other edges than those that it was started with: a new one restarts nobody, be its dependency
 * there or not.
 */
export function bindAnew(bindings: readonly Binding[], edges: readonly Edge[]): readonly Binding[] {
  return edges.flatMap((edge) => {
    if (edge.onLoss === undefined) return [];
    const before = bindings.find((one) => one.edge.service === edge.service);
    return [{ ...(before ?? { attempt: undefined }), edge, onLoss: edge.onLoss }];
  });
}

/**
 * Over `any` only the loss of the last replica that is ready is one; over `all` that of each, unless a request takes it down and
 * another one is ready.
 */
function isSpared(
  { edge, attempt }: Binding,
  bindings: readonly Binding[],
  view: (service: string) => DependencyView,
): boolean {
  const { group } = edge;
  if (group === undefined || attempt === undefined) return false;
  if (group.needs === 'all' && !view(edge.service).isDownByRequest) return false;
  return bindings.some(({ edge: other }) => {
    if (other.group?.name !== group.name || other.service === edge.service) return false;
    const { ready, lost } = view(other.service);
    return ready && lost === undefined;
  });
}

function isDone({ isTask, completed }: DependencyView): boolean {
  return isTask && completed;
}

function follow(one: Binding, view: DependencyView, nowMs: number): Binding {
  const { edge, onLoss, attempt } = one;
  const holds = judgeEdge(edge.condition, view) === 'holds';
  if (attempt === undefined) return holds ? { edge, onLoss, attempt: view.attempt } : one;
  const stands = view.standsInFor <= attempt && attempt <= view.attempt;
  // What may be away for a while is missed from when it goes, not from when that is planned.
  const why = onLoss.afterMs > 0 ? view.lostAlready : view.lost;
  if (one.lost === undefined) {
    if (stands && (why === undefined || holds)) return one;
    return { ...one, lost: { atMs: nowMs, why: why ?? 'was restarted' } };
  }
  return holds ? { edge, onLoss, attempt: view.attempt } : one;
}

export type LossVerdict =
  | { readonly kind: 'lost'; readonly loss: Loss }
  /** Nothing follows yet; unless something changes, until then. */
  | { readonly kind: 'bearable'; readonly untilMs: number };

/** What is away longer than it may be. Of several losses the first is the reason; what would stop for one, stops. */
export function judgeLosses(bindings: readonly Binding[], nowMs: number): LossVerdict {
  const due = bindings
    .flatMap((one) => (one.lost ? [{ ...one, ...one.lost, dueMs: one.lost.atMs + one.onLoss.afterMs }] : []))
    .toSorted((a, b) => a.dueMs - b.dueMs);
  const [first] = due;
  if (first === undefined) return { kind: 'bearable', untilMs: Number.POSITIVE_INFINITY };
  if (first.dueMs > nowMs) return { kind: 'bearable', untilMs: first.dueMs };
  const away =
    first.onLoss.afterMs > 0 ? `, and was not back within ${formatDuration(first.onLoss.afterMs)}` : '';
  const again = due.every(({ onLoss, dueMs }) => onLoss.act === 'restart' || dueMs > nowMs);
  const reason = `"${first.edge.service}" was lost: ${shortened(first.why)}${away}`;
  return { kind: 'lost', loss: { reason, again, service: first.edge.service } };
}
