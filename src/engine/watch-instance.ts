/**
 * The time between spawn and stop: becomes ready, runs, and ends by itself or because it is its turn to stop.
 *
 * Tells how it ended in that very moment, and returns once nothing watches it any more: a probe that is slow to die
 * must not make an end look later than that of another. The processes may still be alive then, except after `exited`.
 */
import { moveOnAfter, now, taskGroup, wait } from '../concurrency/index.ts';
import type { Values } from '../events/values.ts';
import type { Ending } from './ending.ts';
import type { LiveInstance } from './live-instance.ts';
import type { Run } from './run.ts';
import { noteExit } from './stop-instance.ts';
import { type Tripped, watchHealth } from './watch-health.ts';
import { watchHeartbeat } from './watch-heartbeat.ts';

/** A crash closes its channel and its output before its exit is known; the exit says more, so it goes first. */
const EXIT_FIRST_MS = 100;

type WatchedEnding = Exclude<Ending, { kind: 'not-spawned' }>;

export async function watchInstance(
  run: Run,
  live: LiveInstance,
  releaseSlot: () => void,
  onEnding: (ending: WatchedEnding) => void,
): Promise<void> {
  const { node, instance } = live;
  let ended = false;
  await taskGroup(
    async (watch) => {
      const endWith = (first: WatchedEnding) => {
        if (ended) return;
        ended = true;
        onEnding(first);
        watch.cancel();
      };
      const nowReady = (evidence: string, values: Values) => {
        becomeReady(run, live, evidence, values);
        releaseSlot();
        if (live.health !== undefined)
          watch.startSoon(({ signal }) => watchHealth(run, live, signal, trip), { name: 'health' });
        if (live.heartbeats !== undefined)
          watch.startSoon(() => watchHeartbeat(run, live, trip), { name: 'watchdog' });
      };
      const trip = (tripped: Tripped) => {
        // From here on it is ready for nobody, however long its stop takes.
        node.ready = false;
        node.tellDependents();
        endWith(tripped);
      };
      watch.startSoon(async () => {
        const exit = await wait(instance.exited);
        noteExit(run, live, exit, false);
        endWith(ownEnd(live));
      });
      if (node.spec.ready !== undefined) {
        watch.startSoon(async () => {
          const reading = await live.probe.wait();
          if (reading.kind === 'failed') {
            const late = live.probe.isLate;
            if (!late) await moveOnAfter(EXIT_FIRST_MS, () => wait(instance.exited));
            return endWith({ kind: 'not-ready', why: reading.why, late });
          }
          nowReady(reading.evidence, reading.values);
        });
      } else if (!node.isTask) {
        nowReady('spawned', {});
      }
      await node.pulse.until(() => mustStop(run, live));
      endWith({ kind: 'asked', reason: node.stopReason ?? '' });
    },
    { name: `${node.name}#${live.attempt}` },
  );
  releaseSlot();
}

/** It stops once it must and its dependents are gone; after the third signal it waits for nobody. */
function mustStop(run: Run, { node }: LiveInstance): boolean {
  return node.stopReason !== undefined && (node.dependentsGone || run.shutdown.abandoned);
}

function becomeReady(run: Run, live: LiveInstance, evidence: string, values: Values): void {
  const { node } = live;
  live.readyAtMs = now();
  node.ready = true;
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
}

function ownEnd(live: LiveInstance): WatchedEnding {
  if (live.exit === undefined) throw new Error('an instance was left while it ran and nobody had asked');
  const endMs = now();
  return {
    kind: 'exited',
    exit: live.exit,
    upMs: endMs - live.spawnedAtMs,
    readyMs: live.readyAtMs === undefined ? 0 : endMs - live.readyAtMs,
    wasReady: live.readyAtMs !== undefined,
  };
}
