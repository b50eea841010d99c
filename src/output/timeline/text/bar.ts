/**
 * The bar of one service in characters: a cell for each column of the axis. Pure.
 *
 * A cell shows what took most of its time; but whatever lasted at all has a cell, if its neighbours can spare one.
 */
import type { Axis } from '../axis.ts';
import type { Lane, LaneEnd, Segment, SegmentState } from '../timeline.ts';

export const STATE_CHARACTERS: Readonly<Record<SegmentState, string>> = {
  waiting: '·',
  starting: '░',
  running: '▒',
  ready: '█',
  unhealthy: '▚',
  stopping: '▼',
  cleaning: '≈',
  backoff: '↻',
};

export const END_CHARACTERS: Readonly<Record<LaneEnd['kind'], string>> = {
  completed: '✔',
  failed: '✖',
  skipped: '−',
  stopped: '■',
};

export const TROUBLE = '✖';
export const BREAK = '╱';

export interface Cell {
  readonly character: string;
  readonly state: SegmentState | 'trouble' | 'end' | 'break' | 'line' | 'none';
}

const EMPTY: Cell = { character: ' ', state: 'none' };

/** One cell more than the axis has, for how it ended. `lineAt`: the column of the shutdown. */
export function barOf(lane: Lane, axis: Axis, lineAt: number | undefined): readonly Cell[] {
  const held = holders(lane.segments, axis);
  const cells: Cell[] = Array.from({ length: axis.size + 1 }, (_, index) => {
    const segment = held[index];
    if (segment !== undefined) return { character: STATE_CHARACTERS[segment.state], state: segment.state };
    return index === lineAt ? { character: '┊', state: 'line' } : EMPTY;
  });
  for (const { from, to, broken } of axis.pieces) {
    for (let at = Math.round(from); broken && at < Math.round(to); at++) {
      if (held[at] !== undefined) cells[at] = { character: BREAK, state: 'break' };
    }
  }
  for (const { ms } of lane.marks) {
    cells[column(axis, ms)] = { character: TROUBLE, state: 'trouble' };
  }
  if (lane.end === undefined) return cells;
  const at = endColumn(lane.end, held, axis);
  // A failure that was marked just before needs no second cross.
  if (lane.end.kind !== 'failed' || cells[at - 1]?.state !== 'trouble') cells[at] = endCell(lane.end);
  return cells;
}

export function column(axis: Axis, ms: number): number {
  return Math.min(axis.size - 1, Math.floor(axis.at(ms)));
}

/** After the last cell that it holds. */
function endColumn({ ms }: LaneEnd, held: readonly (Segment | undefined)[], axis: Axis): number {
  return Math.max(held.findLastIndex((segment) => segment !== undefined) + 1, Math.floor(axis.at(ms)));
}

function endCell({ kind }: LaneEnd): Cell {
  return { character: END_CHARACTERS[kind], state: kind === 'failed' ? 'trouble' : 'end' };
}

function holders(segments: readonly Segment[], axis: Axis): readonly (Segment | undefined)[] {
  const held: (Segment | undefined)[] = Array.from({ length: axis.size }, () => undefined);
  const overlaps = new Float64Array(axis.size);
  for (const segment of segments) {
    const from = axis.at(segment.fromMs);
    const to = axis.at(segment.toMs);
    for (let at = Math.floor(from); at < Math.min(axis.size, Math.ceil(to)); at++) {
      const overlap = Math.min(to, at + 1) - Math.max(from, at);
      if (overlap <= (overlaps[at] ?? 0)) continue;
      overlaps[at] = overlap;
      held[at] = segment;
    }
  }
  const counts = new Map<Segment, number>();
  for (const segment of held) if (segment) counts.set(segment, (counts.get(segment) ?? 0) + 1);
  for (const segment of segments) {
    const at = Math.min(axis.size - 1, Math.floor(axis.at(segment.fromMs)));
    const holder = held[at];
    if (counts.has(segment) || segment.state === 'waiting') continue;
    if (holder !== undefined && (counts.get(holder) ?? 0) < 2) continue;
    if (holder !== undefined) counts.set(holder, counts.get(holder)! - 1);
    counts.set(segment, 1);
    held[at] = segment;
  }
  return held;
}
