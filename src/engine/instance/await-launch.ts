/**
 * How long a launch is waited for: until its readiness deadline, which runs from the launch, or until its service must
 * stop. What doesn't come to be spawned is let go; what is spawned and doesn't come to be executed is an instance like
 * any other, and is stopped as one.
 */

import { CancelScope, now, taskGroup, wait } from '../../concurrency/index.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { Instance, Launcher, LaunchRequest, LaunchResult, SpawnFailure } from '../../process/ports.ts';
import type { Ending } from '../service/ending.ts';
import type { ServiceNode } from '../service/node.ts';
import { askedToStop } from '../service/stop-cause.ts';

/** Of a service that has no readiness deadline: as long as the default of one. */
const LAUNCH_MS = 60_000;

/** What a launch has come to, as far as it was asked or told. */
interface LaunchProgress {
  /** It was let go on in this very turn: it is spawned, or fails, at once. */
  isSpawning: boolean;
  /** What outside of us it waits for; undefined: it waits for its turn. */
  waitsFor: string | undefined;
}

/** What its spawn waits for isn't the service's affair: a short deadline of its own says nothing about a busy machine. */
const LEAST_LAUNCH_MS = 1000;

export function launchLimitMs({ spec }: ServiceNode): number {
  return Math.max(LEAST_LAUNCH_MS, spec.ready?.withinMs ?? LAUNCH_MS);
}

/** What came of a launch: nothing, or an instance, executed or with the ending that it has instead. */
export type Spawned =
  | { readonly kind: 'called-off' }
  | { readonly kind: 'failed'; readonly failure: SpawnFailure }
  | {
      readonly kind: 'spawned';
      readonly instance: Instance;
      readonly spawnedAtMs: number;
      readonly ending: Unexecuted | undefined;
    };

/** Has it launched, and waits for that. `mustStop`: its turn to stop has come. */
export async function launchOne(
  launcher: Launcher,
  node: ServiceNode,
  request: LaunchRequest,
  mustStop: () => boolean,
): Promise<Spawned> {
  const progress: LaunchProgress = { isSpawning: false, waitsFor: undefined };
  let isGivenUp = false;
  const launch = launcher.launch({
    ...request,
    mayStart() {
      progress.isSpawning = !isGivenUp && request.mayStart();
      return progress.isSpawning;
    },
    onWaiting(what) {
      progress.waitsFor = what;
    },
  });
  const result = await untilSpawned(node, launch, progress);
  if (typeof result === 'string') {
    isGivenUp = true;
    return result === 'stop' ? { kind: 'called-off' } : { kind: 'failed', failure: tooLate(node, progress) };
  }
  if (result.kind === 'called-off') return result;
  if (result.kind === 'spawn-failed') return { kind: 'failed', failure: result.failure };
  const { instance, executed } = result;
  const spawnedAtMs = now();
  const came = executed && (await untilExecuted(node, executed, spawnedAtMs, mustStop));
  if (came?.kind === 'failed') return came;
  const ending = came === undefined || came.kind === 'executed' ? undefined : came;
  return { kind: 'spawned', instance, spawnedAtMs, ending };
}

/** What came of it; `late`: it was waited for long enough; `stop`: its service has to stop. */
async function untilSpawned(
  node: ServiceNode,
  launch: Promise<LaunchResult>,
  progress: LaunchProgress,
): Promise<LaunchResult | 'late' | 'stop'> {
  const limitMs = launchLimitMs(node);
  for (;;) {
    const mustStop = () => node.stopReason !== undefined;
    const result = await firstOf(
      limitMs,
      () => wait(launch),
      node,
      mustStop,
      () => 'stop' as const,
    );
    if (typeof result === 'object') return result;
    // Nobody else can stand between it and its spawn now.
    if (progress.isSpawning) return launch;
    // Waiting for its turn among others is not its own time.
    if (result === 'stop' || progress.waitsFor !== undefined) return result;
  }
}

function tooLate(node: ServiceNode, { waitsFor }: LaunchProgress): SpawnFailure {
  const message = `Cannot start ${JSON.stringify(node.name)}: waited ${formatDuration(launchLimitMs(node))} for ${waitsFor}`;
  return { reason: 'other', message };
}

/** It must stop, or is too late, before it is executed. */
export type Unexecuted = Ending & { readonly kind: 'not-ready' | 'asked' };

type Executed =
  | { readonly kind: 'executed' }
  | { readonly kind: 'failed'; readonly failure: SpawnFailure }
  | Unexecuted;

/** `launchedAtMs`: when it was spawned. */
async function untilExecuted(
  node: ServiceNode,
  executed: Promise<SpawnFailure | undefined>,
  launchedAtMs: number,
  mustStop: () => boolean,
): Promise<Executed> {
  const limitMs = launchLimitMs(node);
  const waited = () =>
    wait(executed).then(
      (failure): Executed => (failure === undefined ? { kind: 'executed' } : { kind: 'failed', failure }),
    );
  const result = await firstOf(launchedAtMs + limitMs - now(), waited, node, mustStop, () =>
    askedToStop(node),
  );
  if (result !== 'late') return result;
  const what =
    'what gives it its user, limits or terminal has not come to execute it; look whether that is stopped, or hangs';
  return { kind: 'not-ready', late: true, why: `not started within ${formatDuration(limitMs)}: ${what}` };
}

/** What it comes to first. Time in which we could not run is not counted. `stopped`: what it comes to in the moment in which it must stop. */
export async function firstOf<Result, Stopped>(
  limitMs: number,
  work: () => Promise<Result>,
  node: ServiceNode,
  mustStop: () => boolean,
  stopped: () => Stopped,
): Promise<Result | Stopped | 'late'> {
  const limit = new CancelScope({ timeoutMs: limitMs, forgivesStalls: true, name: `launch of ${node.name}` });
  let result: Result | Stopped | undefined;
  await limit.run(() =>
    taskGroup(async (group) => {
      group.startSoon(async () => {
        await node.pulse.until(mustStop, () => {
          result ??= stopped();
          group.cancel();
        });
      });
      result = await work();
      group.cancel();
    }),
  );
  return result ?? 'late';
}
