/**
 * The order in which services stop, as a record shows it: in a shutdown, and when something is lost. Each law returns
 * what breaks it. Pure.
 */
import type { Edge, ServiceConfig } from '../../src/config/types.ts';
import { dependentsOf } from './dependents-of.ts';
import { isOrderedStop, isOwnStop } from './own-stop.ts';
import { allOf, codeOf, type InstanceHistory, type Moment } from './record-history.ts';
import { type Law, nameOf, type RecordedRun } from './record-laws.ts';

/** Events carry microseconds. */
const ROUNDING_MS = 0.001;
/** A check of its health that is under way is dead before a service is asked to stop. */
const CHECK_DIES_MS = 50;

/**
 * G2: when an instance was asked to stop, everything that depends on it was gone, clean-ups included. If that was its
 * own affair, then all that relied on it and reacts at once.
 */
export const stopsInOrder: Law = (run) =>
  run.instances.flatMap((instance) =>
    instance.stopping
      .filter(({ seq }) => !(seq > (run.abandoned?.seq ?? Infinity)))
      .flatMap((stopping) => {
        const isDown = run.requested !== undefined && stopping.seq > run.requested.seq;
        const isOwn = isOwnStop(stopping.reason, isDown);
        if (isOwn && isDown) return [];
        const waitedFor = isOwn
          ? reliersOf(run, instance)
          : waitingFor(run, instance.service, !isDown).flatMap((name) => run.byService.get(name) ?? []);
        return waitedFor
          .filter((other) => isThere(other, stopping))
          .map((other) => `G2: ${nameOf(instance)} was asked to stop while ${nameOf(other)} was there`);
      }),
  );

/** In a fall of some, what can do without it isn't waited for. */
function waitingFor(run: RecordedRun, on: string, some: boolean): readonly string[] {
  return remembered(run, `dependents ${some} ${on}`, () =>
    dependentsOf(run.services.values(), on, ({ optional }) => !(some && optional)),
  );
}

/** Records of an hour have thousands of instances: what is asked for each of them is worked out once. */
function remembered<T>(run: RecordedRun, what: string, work: () => T): T {
  const known = memories.get(run) ?? new Map<string, unknown>();
  memories.set(run, known);
  if (!known.has(what)) known.set(what, work());
  return known.get(what) as T;
}

const memories = new WeakMap<RecordedRun, Map<string, unknown>>();

/** Who relied on an instance that was lost, or on who did, is stopped at once, after those that rely on it in turn. */
export const lossesAnswered: Law = (run) => {
  const downMs = run.requested?.ms ?? run.finished?.ms ?? run.events.at(-1)?.ms ?? 0;
  return run.instances.flatMap((lost) => {
    const [exit] = lost.exits;
    if (exit === undefined || isDone(run.services.get(lost.service), lost)) return [];
    return [...fallingWith(run, lost, exit)]
      .filter((relier) => {
        const before = mayWaitFor(run, relier);
        const turnMs = Math.max(exit.ms, ...before.map(({ over }) => over?.ms ?? Infinity));
        const checked = run.services.get(relier.service)?.health !== undefined;
        // What was lost to the asking of others is lost to this one too.
        const lateMs = run.toldWithinMs + run.lostMs + ROUNDING_MS;
        const latestMs = turnMs + lateMs + (checked ? CHECK_DIES_MS : 0);
        const answeredMs = Math.min(
          relier.stopping[0]?.ms ?? Infinity,
          relier.exits[0]?.ms ?? Infinity,
          relier.over?.ms ?? Infinity,
        );
        return latestMs < downMs && answeredMs > latestMs;
      })
      .map((relier) => `${nameOf(relier)} ran on after ${nameOf(lost)} was lost`);
  });
};

function fallingWith(
  run: RecordedRun,
  lost: InstanceHistory,
  at: Moment,
  found = new Set<InstanceHistory>(),
): ReadonlySet<InstanceHistory> {
  for (const relier of reliersOf(run, lost)) {
    const hasEnded = (relier.exits[0]?.ms ?? Infinity) <= at.ms;
    if (found.has(relier) || hasEnded || !isThere(relier, at)) continue;
    found.add(relier);
    fallingWith(run, relier, at, found);
  }
  return found;
}

/** What was lost isn't started again while somebody who relied on it is still there. */
export const returnsAwaited: Law = (run) =>
  run.instances.flatMap((instance) => {
    const ofService = run.byService.get(instance.service) ?? [];
    const before = ofService[ofService.indexOf(instance) - 1];
    if (before === undefined) return [];
    return reliersOf(run, before)
      .filter((relier) => isThere(relier, instance.started))
      .map((relier) => `${nameOf(instance)} was started while ${nameOf(relier)} was there`);
  });

/** The instances whose edge to this one reacts, at once, and held when they were started. */
function reliersOf(run: RecordedRun, instance: InstanceHistory): readonly InstanceHistory[] {
  const [exit] = instance.exits;
  const isOrdered = instance.stopping.some(({ reason }) => isOrderedStop(reason));
  return reactingTo(run, instance.service).flatMap(({ name, edge }) => {
    if (edge.onLoss?.afterMs !== 0) return [];
    const held = edge.condition === 'started' ? instance.started : instance.ready;
    // Who can do without what has to stop starts again while that is still there.
    if (held === undefined || (edge.optional && isOrdered)) return [];
    return (run.byService.get(name) ?? []).filter((other) => {
      if (other.started.seq < held.seq || (exit !== undefined && other.started.seq > exit.seq)) return false;
      // An optional edge need not have held at the spawn, which is told later.
      const isLate = edge.optional && other.started.ms <= held.ms + run.toldWithinMs;
      // Nor does it rely on what had to go when it was started without it.
      const wasGoing =
        edge.optional &&
        (instance.stopping.some(({ seq }) => seq < other.started.seq) ||
          orderedMs(run, instance.service) <= other.started.ms);
      return !isLate && !wasGoing && !isOrderedBefore(run, other);
    });
  });
}

/** The services that react to the loss of this one, sooner or later. */
function reactingTo(
  run: RecordedRun,
  service: string,
): readonly { readonly name: string; readonly edge: Edge }[] {
  return remembered(run, `reacting ${service}`, () =>
    [...run.services.values()].flatMap(({ name, dependsOn: edges }) =>
      edges
        .filter((edge) => edge.service === service && edge.onLoss !== undefined)
        .map((edge) => ({ name, edge })),
    ),
  );
}

/** Something failed for good that it can't be without, before it was over: from then on it stops in its order. */
function isOrderedBefore(run: RecordedRun, { service, over }: InstanceHistory): boolean {
  return orderedMs(run, service) <= (over?.ms ?? Number.MAX_VALUE);
}

function orderedMs(run: RecordedRun, service: string): number {
  return remembered(run, `failed before ${service}`, () => {
    const needs = needsOf(run, service);
    const failed = allOf(run.events, 'service.failed').filter(
      (event) => needs.has(event.service) && run.services.get(event.service)?.onFailure === 'isolate',
    );
    // What failed is told to have when it has been cleaned up after: it had when a monitor tripped, or when it ended.
    const known = failed.map((event) => {
      const last = run.byService.get(event.service)?.at(-1);
      const tripped = last?.unhealthy.find(({ detail }) => event.cause.includes(detail));
      return tripped ?? last?.exits[0] ?? event;
    });
    return Math.min(Infinity, ...known.map(({ ms }) => ms));
  });
}

function needsOf(run: RecordedRun, of: string, found = new Set<string>()): ReadonlySet<string> {
  for (const { service, optional } of run.services.get(of)?.dependsOn ?? []) {
    if (optional || found.has(service)) continue;
    found.add(service);
    needsOf(run, service, found);
  }
  return found;
}

/** All that may have relied on it for which it could wait before it ended. */
function mayWaitFor(run: RecordedRun, instance: InstanceHistory): readonly InstanceHistory[] {
  const names = new Set(reactingTo(run, instance.service).map(({ name }) => name));
  return [...names]
    .flatMap((name) => run.byService.get(name) ?? [])
    .filter((other) => {
      const isBefore = instance.over !== undefined && instance.over.seq < other.started.seq;
      const isAfter = other.over !== undefined && other.over.seq < instance.started.seq;
      return !isBefore && !isAfter;
    });
}

function isThere({ started, over }: InstanceHistory, at: Moment): boolean {
  return started.seq < at.seq && !(over !== undefined && over.seq < at.seq);
}

/** A task that has ended with success isn't lost. */
function isDone(spec: ServiceConfig | undefined, { exits: [exit] }: InstanceHistory): boolean {
  const code = codeOf(exit?.exit);
  return spec?.type === 'task' && code !== undefined && spec.restart.successCodes.includes(code);
}
