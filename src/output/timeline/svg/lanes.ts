/**
 * The lanes of a picture: name, bar, marks, and how it came out. Pure.
 */
import { describeMark, describeSegment, isBad, outcomeOf, shortened } from '../describe-lane.ts';
import type { CriticalPath } from '../paths/critical-path.ts';
import type { Lane, LaneEnd, Segment } from '../timeline.ts';
import { decimal, group, type Markup, tag } from '../xml.ts';
import type { Layout } from './layout.ts';
import { INKS } from './style.ts';

/** Narrower ones are drawn only where none of their state is yet: a picture stays small. */
const THIN = 1;
const WAITING_HEIGHT = 2;

export function svgLanes(lanes: readonly Lane[], layout: Layout, critical: readonly CriticalPath[]): Markup {
  return group(
    {},
    lanes.map((lane, index) => svgLane(lane, index, layout, critical)),
  );
}

function svgLane(lane: Lane, index: number, layout: Layout, critical: readonly CriticalPath[]): Markup {
  const { margin, left, right, width, laneHeight } = layout;
  const y = layout.y(index);
  const baseline = y + 4;
  const outcome = outcomeOf(lane);
  const name = shortened(lane.service, layout.nameCharacters);
  const row =
    index % 2 === 0
      ? [
          tag('rect', {
            class: 'row',
            x: margin - 8,
            y: y - laneHeight / 2,
            width: width - 2 * margin + 16,
            height: laneHeight,
          }),
        ]
      : [];
  return group({}, [
    ...row,
    tag(
      'text',
      { class: 'end', x: left - 10, y: baseline },
      name,
      ...titleIf(name !== lane.service, lane.service),
    ),
    ...bars(lane, y, layout),
    ...criticalLines(lane, y, layout, critical),
    ...marks(lane, y, layout),
    ...endSigns(lane, y, layout),
    tag(
      'text',
      { class: isBad(lane) ? 'bad' : 'quiet', x: right + 22, y: baseline },
      shortened(outcome, layout.outcomeCharacters),
      tag('title', {}, `${lane.service}: ${outcome}`),
    ),
  ]);
}

function titleIf(wanted: boolean, text: string): Markup[] {
  return wanted ? [tag('title', {}, text)] : [];
}

function bars(lane: Lane, y: number, layout: Layout): Markup[] {
  const drawn: Markup[] = [];
  const lastX = new Map<string, number>();
  for (const segment of lane.segments) {
    const x = layout.x(segment.fromMs);
    const width = layout.x(segment.toMs) - x;
    if (width < THIN && x - (lastX.get(segment.state) ?? Number.NEGATIVE_INFINITY) < 1) continue;
    lastX.set(segment.state, x);
    drawn.push(bar(lane, segment, x, Math.max(1, width), y, layout));
  }
  return drawn;
}

function bar(lane: Lane, segment: Segment, x: number, width: number, y: number, layout: Layout): Markup {
  const { state, attempt } = segment;
  const height = state === 'waiting' ? WAITING_HEIGHT : layout.barHeight;
  const place = { x, y: y - height / 2, width, height };
  const numbered = attempt > 1 && (state === 'starting' || state === 'running') && width >= 16;
  const inked = INKS[state] !== undefined && width >= 2;
  return tag(
    'g',
    {},
    tag('title', {}, describeSegment(lane.service, segment)),
    tag('rect', { class: state, ...place }),
    ...(inked ? [tag('rect', { fill: `url(#orderly-${state})`, ...place })] : []),
    ...(numbered
      ? [tag('text', { class: 'small middle number', x: x + width / 2, y: y + 4 }, String(attempt))]
      : []),
  );
}

/** A line under the bar as long as the service was on a critical path. */
function criticalLines(lane: Lane, y: number, layout: Layout, critical: readonly CriticalPath[]): Markup[] {
  const at = decimal(y + layout.barHeight / 2 + 1.5);
  return critical.flatMap(({ steps }) => {
    const own = steps.filter(({ service }) => service === lane.service);
    const [first, last] = [own[0], own.at(-1)];
    if (first === undefined || last === undefined) return [];
    const to = Math.max(layout.x(last.toMs), layout.x(first.fromMs) + 1);
    return [
      tag('path', { class: 'critical', d: `M${decimal(layout.x(first.fromMs))} ${at}H${decimal(to)}` }),
    ];
  });
}

function marks(lane: Lane, y: number, layout: Layout): Markup[] {
  const drawn: Markup[] = [];
  let lastX = Number.NEGATIVE_INFINITY;
  for (const mark of lane.marks) {
    const x = layout.x(mark.ms);
    if (x - lastX < 2) continue;
    lastX = x;
    const sign = cross(x, y, 4);
    drawn.push(
      tag(
        'g',
        {},
        tag('title', {}, describeMark(lane.service, mark)),
        tag('path', { class: 'halo', d: sign }),
        tag('path', { class: 'trouble', d: sign }),
      ),
    );
  }
  return drawn;
}

/** A failure that was marked a moment ago needs no second cross. */
function endSigns({ end, marks: all }: Lane, y: number, layout: Layout): Markup[] {
  if (end === undefined) return [];
  const x = layout.x(end.ms);
  const marked = all.at(-1);
  const isTold = end.kind === 'failed' && marked !== undefined && x - layout.x(marked.ms) < 8;
  return isTold ? [] : [endSign(end, x + 9, y)];
}

/** A tick, a cross, a square or a dash. */
function endSign({ kind, ms, why }: LaneEnd, x: number, y: number): Markup {
  const title = tag('title', {}, `${kind} at ${decimal(ms)} ms${why === '' ? '' : `: ${why}`}`);
  const [look, d] = {
    completed: ['good', `M${decimal(x - 4)} ${decimal(y)}l3 3.5l5 -7`],
    failed: ['trouble', cross(x, y, 4)],
    stopped: ['calm', `M${decimal(x - 3)} ${decimal(y - 3)}h6v6h-6z`],
    skipped: ['calm', `M${decimal(x - 4)} ${decimal(y)}h8`],
  }[kind] as [string, string];
  return tag('path', { class: look, d }, title);
}

function cross(x: number, y: number, half: number): string {
  const [left, top] = [decimal(x - half), decimal(y - half)];
  const length = decimal(2 * half);
  return `M${left} ${top}l${length} ${length}m0 -${length}l-${length} ${length}`;
}
