/**
 * Where a moment lies on the time axis. Linear, but for stretches in which nothing happens: where those would leave no
 * room for the rest, they are broken, which is shown. Pure.
 *
 * A run of three days with a start of two seconds shows both.
 */
import type { SegmentState, Timeline } from './timeline.ts';

export interface Piece {
  readonly fromMs: number;
  readonly toMs: number;
  /** On the axis, from 0 to its size. */
  readonly from: number;
  readonly to: number;
  readonly broken: boolean;
}

export interface Axis {
  readonly size: number;
  readonly pieces: readonly Piece[];
  /** Outside of breaks. */
  readonly msPerUnit: number;
  /** Where a moment lies; those outside lie at the ends. */
  readonly at: (ms: number) => number;
}

interface Gap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly isIdle: boolean;
}

/** More would be a picture of breaks. */
const MAX_BREAKS = 12;
/** A stretch in which something is awaited is broken only where it dwarfs all else. */
const DWARFS = 10;
/** What is left must be worth looking at. */
const LEAST_REST_MS = 1;
/** Of the linear length, left on both sides of a break. */
const MARGIN = 0.05;
const MAX_BROKEN_SHARE = 0.3;

const IDLE: ReadonlySet<SegmentState> = new Set(['waiting', 'ready', 'unhealthy']);

/** `breakSize`: the room for a break, of which there is less if there are many. */
export function createAxis(timeline: Timeline, size: number, breakSize: number): Axis {
  const { startMs } = timeline;
  const endMs = Math.max(timeline.endMs, startMs + 0.001);
  const gaps = gapsOf(timeline);
  const breaks = chooseBreaks(gaps);
  const linearMs = total(gaps) - total(breaks);
  const marginMs = breaks.length === 0 ? 0 : linearMs * MARGIN;
  const broken = breaks
    .map((gap) => shrunk(gap, Math.min(marginMs, (gap.toMs - gap.fromMs) / 4)))
    .sort((a, b) => a.fromMs - b.fromMs);
  const stretches = stretchesOf(broken, startMs, endMs);
  const forBreak = Math.min(breakSize, (size * MAX_BROKEN_SHARE) / Math.max(1, broken.length));
  // Of the very stretches that are laid out: the whole less its breaks has lost its last digits where the breaks are long.
  const unbrokenMs = total(stretches.filter((stretch) => !stretch.broken));
  const msPerUnit = unbrokenMs / (size - forBreak * broken.length);
  const pieces = layOut(stretches, size, forBreak, msPerUnit);
  return { size, pieces, msPerUnit, at: (ms) => place(pieces, ms) };
}

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly broken: boolean;
}

/** What is broken and what lies between, in order; none of them is empty. */
function stretchesOf(broken: readonly Gap[], startMs: number, endMs: number): readonly Stretch[] {
  let ms = startMs;
  const stretches: Stretch[] = [];
  const add = (toMs: number, isBroken: boolean) => {
    if (toMs > ms) stretches.push({ fromMs: ms, toMs, broken: isBroken });
    ms = Math.max(ms, toMs);
  };
  for (const gap of broken) {
    add(gap.fromMs, false);
    add(gap.toMs, true);
  }
  add(endMs, false);
  return stretches;
}

/** The first begins at 0, the last ends at the size, and each begins where the one before it ended. */
function layOut(
  stretches: readonly Stretch[],
  size: number,
  forBreak: number,
  msPerUnit: number,
): readonly Piece[] {
  let at = 0;
  return stretches.map((stretch, index) => {
    const from = at;
    const length = stretch.broken ? forBreak : lengthOf(stretch) / msPerUnit;
    at = index === stretches.length - 1 ? size : Math.min(size, from + length);
    return { ...stretch, from, to: at };
  });
}

function place(pieces: readonly Piece[], ms: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (pieces[middle]!.fromMs <= ms) low = middle;
    else high = middle - 1;
  }
  const { fromMs, toMs, from, to } = pieces[low]!;
  const share = (ms - fromMs) / (toMs - fromMs);
  return share <= 0 ? from : Math.min(to, from + share * (to - from));
}

/** The stretches between two changes, in order. */
function gapsOf({ startMs, endMs, lanes, shutdown, escalations }: Timeline): readonly Gap[] {
  const changes = new Map<number, number>([
    [startMs, 0],
    [endMs, 0],
  ]);
  const change = (ms: number, busier = 0) => changes.set(ms, (changes.get(ms) ?? 0) + busier);
  for (const { segments, marks } of lanes) {
    for (const { state, fromMs, toMs } of segments) {
      change(fromMs, IDLE.has(state) ? 0 : 1);
      change(toMs, IDLE.has(state) ? 0 : -1);
    }
    for (const { ms } of marks) change(ms);
  }
  for (const { ms } of [...(shutdown ? [shutdown] : []), ...escalations]) change(ms);
  const times = [...changes].sort(([a], [b]) => a - b);
  let busy = 0;
  return times.slice(0, -1).map(([fromMs, busier], index) => {
    busy += busier;
    return { fromMs, toMs: times[index + 1]![0], isIdle: busy === 0 };
  });
}

function chooseBreaks(gaps: readonly Gap[]): readonly Gap[] {
  const busyMs = total(gaps.filter(({ isIdle }) => !isIdle));
  const longestFirst = [...gaps].sort((a, b) => lengthOf(b) - lengthOf(a));
  const chosen = new Set(
    longestFirst
      .filter((gap) => gap.isIdle && busyMs >= LEAST_REST_MS && lengthOf(gap) > busyMs)
      .slice(0, MAX_BREAKS),
  );
  let restMs = total(gaps) - total([...chosen]);
  for (const gap of longestFirst) {
    if (chosen.has(gap)) continue;
    const withoutMs = restMs - lengthOf(gap);
    if (chosen.size >= MAX_BREAKS || withoutMs < LEAST_REST_MS || lengthOf(gap) <= DWARFS * withoutMs) break;
    chosen.add(gap);
    restMs = withoutMs;
  }
  return [...chosen];
}

function shrunk({ fromMs, toMs, isIdle }: Gap, byMs: number): Gap {
  return { fromMs: fromMs + byMs, toMs: toMs - byMs, isIdle };
}

function lengthOf({ fromMs, toMs }: Pick<Gap, 'fromMs' | 'toMs'>): number {
  return toMs - fromMs;
}

function total(gaps: readonly Pick<Gap, 'fromMs' | 'toMs'>[]): number {
  return gaps.reduce((sum, gap) => sum + lengthOf(gap), 0);
}
