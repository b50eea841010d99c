/**
 * The critical path of the shutdown: from the end of the run back through whom each service waited for before it was
 * asked to stop, to the shutdown's cause. Pure.
 */
import { asSteps, type CriticalPath, type RoughStep, stepsWithin } from './critical-path.ts';
import { asGraph, type HeldUp, stopHeldUp } from './held-up.ts';
import type { Lane, Timeline } from './timeline.ts';

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

/** Who was there for longest after the shutdown's cause: what is still there, else the last that was gone. */
function lastThere(lanes: readonly Lane[], fromMs: number): Lane | undefined {
  const endOf = (lane: Lane) => lane.end?.ms ?? Number.POSITIVE_INFINITY;
  const there = lanes.filter((lane) => endOf(lane) > fromMs);
  const active = there.filter((lane) => lane.end !== undefined || lane.segments.at(-1)?.state !== 'ready');
  return (active.length > 0 ? active : there).reduce<Lane | undefined>(
    (last, lane) => (last === undefined || endOf(lane) > endOf(last) ? lane : last),
    undefined,
  );
}
