/**
 * The two critical paths of a run, each found from its end back through what a service waited for last. Pure.
 *
 * That of the first start-up leads from `run.started`. That of the shutdown leads from its cause, through what each
 * service waited for before it was asked to stop, to the end of the run.
 */
import type { Lane, Timeline } from '../timeline.ts';
import {
  asGraph,
  asSteps,
  type CriticalPath,
  type HeldUp,
  type RoughStep,
  startHeldUp,
  stepsWithin,
  stopHeldUp,
} from './critical-path.ts';

/** Undefined: there was none. */
export interface Paths {
  readonly start: CriticalPath | undefined;
  readonly stop: CriticalPath | undefined;
}

/** `to`: the service that the path of the start-up leads to, in place of the last that became ready. */
export function pathsOf(timeline: Timeline, to?: string): Paths {
  return { start: startPath(timeline, to), stop: stopPath(timeline) };
}

interface Goal {
  readonly lane: Lane;
  readonly ms: number;
  readonly end: CriticalPath['end'];
}

/** To the last service that became ready, or to the one named; undefined: nothing was started that it could lead to. */
export function startPath(timeline: Timeline, service?: string): CriticalPath | undefined {
  const goal = service === undefined ? findGoal(timeline) : goalAt(timeline, service);
  if (goal === undefined) return undefined;
  const { startMs } = timeline;
  const lanes = asGraph(timeline.lanes);
  const seen = new Set<Lane>();
  let steps: readonly RoughStep[] = [];
  let { lane, ms } = goal;
  for (;;) {
    seen.add(lane);
    const first = lane.starts[0];
    if (first === undefined || first.ms > ms) {
      steps = [{ service: lane.service, phase: 'waiting', fromMs: startMs, toMs: ms }, ...steps];
      break;
    }
    const heldUp = startHeldUp(lanes, lane, first.ms);
    // A record may claim that two services wait for each other.
    const by = heldUp === undefined || seen.has(heldUp.by) ? undefined : heldUp;
    const fromMs = by?.ms ?? startMs;
    const { service: name } = lane;
    const launching = { service: name, phase: 'launching', fromMs, toMs: first.ms } as const;
    steps = [launching, ...stepsWithin(lane, first.ms, ms), ...steps];
    if (by === undefined) break;
    lane = by.by;
    ms = by.ms;
  }
  return {
    kind: 'start-up',
    fromMs: startMs,
    toMs: goal.ms,
    end: goal.end,
    service: goal.lane.service,
    steps: asSteps(steps, startMs, goal.ms),
  };
}

/** When it was as it was to be for the first time. */
export function firstReadyMs({ readies, isTask, end }: Lane): number | undefined {
  return readies[0]?.ms ?? (isTask && end?.kind === 'completed' ? end.ms : undefined);
}

function goalAt({ lanes, endMs }: Timeline, service: string): Goal | undefined {
  const lane = lanes.find((one) => one.service === service);
  if (lane === undefined) return undefined;
  const ms = firstReadyMs(lane);
  if (ms !== undefined) return { lane, ms, end: 'ready' };
  return { lane, ms: lane.end?.ms ?? endMs, end: lane.end?.kind === 'failed' ? 'failed' : 'open' };
}

function findGoal(timeline: Timeline): Goal | undefined {
  const { shutdown, endMs } = timeline;
  const untilMs = shutdown?.ms ?? endMs;
  const wasReady = (lane: Lane) => (firstReadyMs(lane) ?? Number.POSITIVE_INFINITY) <= untilMs;
  const cause = shutdown?.cause;
  const failed =
    cause?.kind === 'collapse' ? timeline.lanes.find((lane) => lane.service === cause.service) : undefined;
  if (failed !== undefined && !wasReady(failed)) return { lane: failed, ms: untilMs, end: 'failed' };
  const lanes = goals(timeline);
  const late = lanes.filter((lane) => !wasReady(lane) && (lane.end === undefined || lane.end.ms >= untilMs));
  if (late.length > 0) return { lane: slowest(late), ms: untilMs, end: 'open' };
  const ready = lanes.filter(wasReady).sort((a, b) => firstReadyMs(a)! - firstReadyMs(b)!);
  const last = ready.at(-1);
  return last && { lane: last, ms: firstReadyMs(last)!, end: 'ready' };
}

/** A task that nobody waits for is work, not start-up: `orderly run -- npm test` starts what the tests need. */
function goals({ lanes }: Timeline): readonly Lane[] {
  const awaited = new Set(lanes.flatMap(({ dependencies }) => dependencies.map(({ service }) => service)));
  const counting = lanes.filter(({ isTask, service }) => !isTask || awaited.has(service));
  return counting.length === 0 ? lanes : counting;
}

/** Of those that aren't ready, the one that started first; else any. */
function slowest(lanes: readonly Lane[]): Lane {
  const startedAt = (lane: Lane) => lane.starts[0]?.ms ?? Number.POSITIVE_INFINITY;
  return lanes.reduce((first, lane) => (startedAt(lane) < startedAt(first) ? lane : first));
}

/** Undefined: nobody asked for a shutdown. */
export function stopPath(timeline: Timeline): CriticalPath | undefined {
  const { shutdown, endMs, finished } = timeline;
  if (shutdown === undefined) return undefined;
  const fromMs = shutdown.ms;
  const lanes = asGraph(timeline.lanes);
  const last = lastThere(timeline.lanes, fromMs);
  const seen = new Set<Lane>();
  let lane = last;
  let ms = last === undefined ? fromMs : (last.end?.ms ?? endMs);
  let steps: readonly RoughStep[] = [{ service: undefined, phase: 'finishing', fromMs: ms, toMs: endMs }];
  while (lane !== undefined) {
    seen.add(lane);
    const asked = lane.stops.findLast((stop) => stop.ms >= fromMs);
    const heldUp: HeldUp | undefined = asked && stopHeldUp(lanes, lane, fromMs, asked.ms);
    // A record may claim that two services wait for each other.
    const by = heldUp === undefined || seen.has(heldUp.by) ? undefined : heldUp;
    steps = [...stepsWithin(lane, by?.ms ?? fromMs, ms), ...steps];
    lane = by?.by;
    ms = by?.ms ?? fromMs;
  }
  return {
    kind: 'shutdown',
    fromMs,
    toMs: endMs,
    end: finished === undefined ? 'open' : 'stopped',
    service: last?.service,
    steps: asSteps(steps, fromMs, endMs),
  };
}

/** What was there for longest after the shutdown's cause: what is still there, else the last that was gone. */
function lastThere(lanes: readonly Lane[], fromMs: number): Lane | undefined {
  const endOf = (lane: Lane) => lane.end?.ms ?? Number.POSITIVE_INFINITY;
  const there = lanes.filter((lane) => endOf(lane) > fromMs);
  const active = there.filter((lane) => lane.end !== undefined || lane.segments.at(-1)?.state !== 'ready');
  return (active.length > 0 ? active : there).reduce<Lane | undefined>(
    (last, lane) => (last === undefined || endOf(lane) > endOf(last) ? lane : last),
    undefined,
  );
}
