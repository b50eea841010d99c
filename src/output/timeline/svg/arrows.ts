/**
 * The arrows of a picture: from what a service waited for last to its start, and from the dependent that was gone last
 * to its stop. Those of the critical paths stand out. Pure.
 */
import {
  asGraph,
  type CriticalPath,
  type HeldUp,
  hopsOf,
  startHeldUp,
  stopHeldUp,
} from '../paths/critical-path.ts';
import type { Timeline } from '../timeline.ts';
import { decimal, group, type Markup, tag } from '../xml.ts';
import type { Layout } from './layout.ts';

interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly critical: boolean;
}

/** Nearer than that a head has no room beside the bar: the arrow ends on its edge. */
const ROOM = 9;

export interface Arrows {
  /** Those to be drawn below the bars, and above them. */
  readonly quiet: Markup;
  readonly critical: Markup;
}

export function svgArrows(timeline: Timeline, layout: Layout, paths: readonly CriticalPath[]): Arrows {
  const arrows = arrowsOf(timeline, paths);
  const drawn = (critical: boolean) =>
    group(
      {},
      arrows.filter((arrow) => arrow.critical === critical).flatMap((arrow) => draw(arrow, layout)),
    );
  return { quiet: drawn(false), critical: drawn(true) };
}

function arrowsOf(timeline: Timeline, paths: readonly CriticalPath[]): readonly Arrow[] {
  const lanes = asGraph(timeline.lanes);
  const places = new Map(timeline.lanes.map((lane, index) => [lane.service, index]));
  const onPath = new Set(paths.flatMap((path) => pairsOf(path)));
  return timeline.lanes.flatMap((lane, to) => {
    const arrow = (kind: CriticalPath['kind'], heldUp: HeldUp | undefined, toMs: number): Arrow[] => {
      if (heldUp === undefined) return [];
      const { by, ms: fromMs } = heldUp;
      const critical = onPath.has(pairKey(kind, by.service, lane.service));
      return [{ from: places.get(by.service)!, to, fromMs, toMs, critical }];
    };
    const start = lane.starts[0];
    const stop = lane.stops.findLast(
      ({ ms }) => timeline.shutdown !== undefined && ms >= timeline.shutdown.ms,
    );
    return [
      ...(start === undefined ? [] : arrow('start-up', startHeldUp(lanes, lane, start.ms), start.ms)),
      ...(stop === undefined
        ? []
        : arrow('shutdown', stopHeldUp(lanes, lane, timeline.shutdown!.ms, stop.ms), stop.ms)),
    ];
  });
}

function pairsOf(path: CriticalPath): readonly string[] {
  const hops = hopsOf(path);
  return hops.slice(1).map((hop, index) => pairKey(path.kind, hops[index]!.service ?? '', hop.service ?? ''));
}

function pairKey(kind: string, from: string, to: string): string {
  return JSON.stringify([kind, from, to]);
}

function draw({ from, to, fromMs, toMs, critical }: Arrow, layout: Layout): Markup[] {
  const [fromX, toX] = [layout.x(fromMs), layout.x(toMs)];
  const down = to > from ? 1 : -1;
  const half = layout.barHeight / 2;
  const startY = layout.y(from) + down * half;
  const beside = toX - fromX >= ROOM;
  const d = beside
    ? `M${decimal(fromX)} ${decimal(startY)}V${decimal(layout.y(to))}H${decimal(toX)}`
    : `M${decimal(fromX)} ${decimal(startY)}V${decimal(layout.y(to) - down * (half + 1))}`;
  const [look, head] = critical ? ['critical', 'criticalhead'] : ['arrow', 'arrowhead'];
  const halo = critical ? [tag('path', { class: 'halo', d })] : [];
  return [...halo, tag('path', { class: look, d, 'marker-end': `url(#orderly-${head})` })];
}
