/**
 * The time between spawn and stop: becomes ready, runs, and ends by itself or because it is its turn to stop.
 *
 * Tells how it ended in that very moment, and returns once nothing watches it any more: a probe that is slow to die
 * must not make an end look later than that of another. The processes may still be alive then, except after `exited`.
 */

import { CancelScope, moveOnAfter, now, sleep, taskGroup, wait } from '../../concurrency/index.ts';
import type { Values } from '../../events/fact-shape.ts';
import type { Run } from '../run/run.ts';
import { boundGone, isInTheWay, someHardDependent } from '../service/dependents.ts';
import type { Ending } from '../service/ending.ts';
import type { ServiceNode } from '../service/node.ts';
import { askedToStop } from '../service/stop-cause.ts';
import { giveWay } from './give-way.ts';
import type { LiveInstance, Monitor } from './live-instance.ts';
import { tellStale } from './stale-values.ts';
import { noteExit } from './stop.ts';
import { IN_PLACE, takeOver } from './take-over.ts';
import { watchHealth } from './watch-health.ts';
import { watchHeartbeat } from './watch-heartbeat.ts';

/** A crash closes its channel and its output before its exit is known; the exit says more, so it goes first, on a busy machine too. */
const EXIT_FIRST_MS = 1000;

type WatchedEnding = Exclude<Ending, { kind: 'not-spawned' }>;

export async function watchInstance(
  run: Run,
  live: LiveInstance,
  releaseSlot: () => void,
  onEnding: (ending: WatchedEnding) => void,
): Promise<void> {
  const { node, instance } = live;
  const running = node.instance!;
  let ended = false;
  let isWatchingLosses = false;
  await taskGroup(
    async (watch) => {
      const endWith = (first: WatchedEnding) => {
        // What gives way isn't judged any more.
        if (node.givesWay !== undefined && (first.kind === 'not-ready' || first.kind === 'tripped')) return;
        if (ended) return;
        ended = true;
        running.takeOver = undefined;
        onEnding(first);
        watch.cancel();
      };
      const nowReady = (evidence: string, values: Values) => {
        becomeReady(run, live, evidence, values);
        releaseSlot();
        monitor('health', watchHealth);
        monitor('watchdog', watchHeartbeat);
      };
      const monitoring = new Map<Monitor, CancelScope>();
      /** Begins it, anew if need be. */
      const monitor = (name: Monitor, work: typeof watchHealth | typeof watchHeartbeat) => {
        monitoring.get(name)?.cancel('its definition has changed');
        const { health, heartbeats } = live.monitors;
        if ((name === 'health' ? health : heartbeats) === undefined) return;
        const scope = new CancelScope({ name });
        monitoring.set(name, scope);
        watch.startSoon(() => scope.run(({ signal }) => work(run, live, signal, endWith)), { name });
      };
      const watchLosses = () => {
        if (isWatchingLosses || node.bindings.length === 0) return;
        isWatchingLosses = true;
        watch.startSoon(async ({ signal }) => {
          const reason = await giveWay(run, node, signal);
          if (reason !== undefined) endWith({ kind: 'lost', reason, readyMs: readyFor(live) });
        });
      };
      running.takeOver = (keys) => {
        takeOver(run, live, keys);
        watchLosses();
        if (live.readyAtMs === undefined) return;
        if (keys.includes('health')) monitor('health', watchHealth);
        if (keys.includes('watchdog')) monitor('watchdog', watchHeartbeat);
      };
      // It may have come while the instance was launched.
      if (node.spec !== live.spec) takeOver(run, live, IN_PLACE);
      watch.startSoon(async () => {
        const exit = await wait(instance.exited);
        noteExit(run, live, exit, false);
        endWith(ownEnd(live));
      });
      if (node.spec.ready !== undefined) {
        watch.startSoon(async () => {
          const telling = new CancelScope({ name: 'unready' });
          watch.startSoon(() => telling.run(() => tellUnready(run, live)));
          const reading = await live.probe.wait(live.spawnedAtMs);
          telling.cancel('the waiting is over');
          if (reading.kind === 'failed') {
            const late = live.probe.isLate;
            if (!late) await moveOnAfter(EXIT_FIRST_MS, () => wait(instance.exited));
            return endWith({ kind: 'not-ready', why: reading.why, late });
          }
          // What came in the moment of its end, or while it gives way, makes nobody ready any more.
          if (ended || node.givesWay !== undefined) return;
          nowReady(reading.evidence, reading.values);
        });
      } else if (!node.isTask) {
        nowReady('spawned', {});
      }
      watchLosses();
      await node.pulse.until(
        () => mustStop(run, node),
        () => endWith(askedToStop(node)),
      );
    },
    { name: `${node.name}#${live.attempt}` },
  );
  running.takeOver = undefined;
  releaseSlot();
}

/** It stops once it must and its dependents are gone; after the third signal it waits for nobody. */
export function mustStop(run: Run, node: ServiceNode): boolean {
  if (node.leavesByRequest) return mayLeaveByRequest(node);
  if (node.stopReason === undefined) return false;
  if (run.shutdown.cause !== undefined) return isItsTurn(run, node) || run.shutdown.abandoned;
  // What gave way because this one has to stop, and goes on without it, isn't in its way, nor is what waits for its end.
  return !node.dependents.some((dependent) => isInTheWay(dependent, node));
}

/** Of the shutdown: what depends on it is gone, and so are the commands of clients that need it. */
function isItsTurn({ shutdown, leases }: Run, node: ServiceNode): boolean {
  return node.dependentsGone && (shutdown.deadlines.isForced || !leases.holdsBack(node));
}

/**
 * What a request takes down and what is replaced goes before what it needs, and so does what reacts to its loss; those that keep
 * running without it do so. What can do without it isn't waited for when it is stopped: that may wait for something that is.
 */
function mayLeaveByRequest(node: ServiceNode): boolean {
  const isStop = node.isDownByRequest;
  const { request } = node.wish;
  // A change of the graph stops some and replaces others.
  const isReplaced = ({ replacement, wish }: ServiceNode) =>
    replacement !== undefined && (!isStop || wish.request === request);
  const goes = (one: ServiceNode) => one.isDownByRequest || isReplaced(one);
  if (someHardDependent(node, (one) => one.hasInstance && goes(one))) return false;
  return boundGone(node, (one) => !isStop || !dependsSoftly(one, node));
}

function dependsSoftly(dependent: ServiceNode, node: ServiceNode): boolean {
  return dependent.spec.dependsOn.some(({ service, optional }) => service === node.name && optional);
}

/** Told this often at most: a condition may be asked many times a second. */
const TELL_MS = 1000;

/** Tells what it still lacks, whenever that is something else, until it is cancelled. */
async function tellUnready(run: Run, { node, attempt, probe }: LiveInstance): Promise<void> {
  let told = '';
  while (node.state === 'starting') {
    await sleep(TELL_MS);
    const detail = await probe.explain();
    if (detail === told || probe.isOver || node.state !== 'starting') continue;
    told = detail;
    run.announce({ type: 'service.unready', service: node.name, attempt, detail });
  }
}

function becomeReady(run: Run, live: LiveInstance, evidence: string, values: Values): void {
  const { node } = live;
  live.readyAtMs = now();
  node.instance!.isReady = true;
  node.noteReady();
  if (!node.isTask) run.record.noteFulfilled(node.name, node.upWish);
  node.values = values;
  const after_ms = Math.round(live.readyAtMs - live.spawnedAtMs);
  run.announce({
    type: 'service.ready',
    service: node.name,
    attempt: live.attempt,
    after_ms,
    evidence,
    values,
  });
  node.tellDependents();
  if (live.attempt > 1) tellStale(run, node);
}

function ownEnd(live: LiveInstance): WatchedEnding {
  if (live.exit === undefined) throw new Error('an instance was left while it ran and nobody had asked');
  return {
    kind: 'exited',
    exit: live.exit,
    upMs: now() - live.spawnedAtMs,
    readyMs: readyFor(live),
  };
}

/** Until now; undefined: it never was. */
function readyFor({ readyAtMs }: LiveInstance): number | undefined {
  return readyAtMs === undefined ? undefined : now() - readyAtMs;
}
