/**
 * Round moments for a time axis, and how they are written. Pure.
 *
 * Steps are 1, 2 or 5 times a power of ten up to a minute, and what clocks and calendars count in beyond.
 */
import type { Axis } from './axis.ts';

export interface Tick {
  readonly ms: number;
  readonly at: number;
  readonly label: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const LONG_STEPS = [1, 2, 5, 10, 20, 30, 60, 120, 180, 360, 720].map((minutes) => minutes * MINUTE_MS);
const MAX_TICKS = 1000;

/** None nearer to its neighbour than `spacing` allows for its label, and none in a break. */
export function ticksOf(axis: Axis, spacing: (label: string) => number): readonly Tick[] {
  // Behind a break labels are longer; those that don't fit are left out there.
  const endMs = axis.pieces[0]!.toMs;
  let stepMs = niceStep(0);
  let previousMs = 0;
  // A longer step has a shorter label, so the step is found by trying.
  while (stepMs !== previousMs && stepMs < spacing(momentText(endMs, stepMs)) * axis.msPerUnit) {
    previousMs = stepMs;
    stepMs = niceStep(stepMs * 1.01);
  }
  const ticks: Tick[] = [];
  for (const piece of axis.pieces) {
    if (piece.broken) continue;
    const first = Math.ceil(piece.fromMs / stepMs);
    const last = Math.min(Math.floor(piece.toMs / stepMs), first + MAX_TICKS);
    for (let count = first; count <= last; count++) {
      const ms = count * stepMs;
      const tick = { ms, at: axis.at(ms), label: momentText(ms, stepMs) };
      const before = ticks.at(-1);
      if (before === undefined || tick.at - before.at >= spacing(tick.label) * 0.99) ticks.push(tick);
    }
  }
  return ticks;
}

/** The smallest round step of at least so many milliseconds. */
export function niceStep(atLeastMs: number): number {
  if (atLeastMs > MINUTE_MS / 2) {
    const long = LONG_STEPS.find((stepMs) => stepMs >= atLeastMs);
    return long ?? DAY_MS * decimalStep(Math.max(1, atLeastMs / DAY_MS));
  }
  return Math.min(MINUTE_MS, decimalStep(Math.max(0.001, atLeastMs)));
}

function decimalStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  const factor = [1, 2, 5].find((one) => one * power >= atLeast * 0.999) ?? 10;
  // 2 * 0.01 is not 0.02 in binary.
  return Number((factor * power).toPrecision(3));
}

/** A moment with the digits that steps of that length need: `250 ms`, `1.5 s`, `12:03:20`, `2d 23:59:58.5`. */
export function momentText(ms: number, stepMs: number): string {
  if (ms === 0) return '0';
  const decimals = Math.max(0, Math.ceil(-Math.log10(stepMs / 1000) - 0.001));
  if (ms < 1000) return `${Number(ms.toFixed(Math.max(0, decimals - 3)))} ms`;
  if (ms < MINUTE_MS) return `${(ms / 1000).toFixed(decimals)} s`;
  // Rounded first, so that no clock says 0:60.
  const rounded = Number(ms.toFixed(Math.max(0, decimals - 3)));
  const days = Math.floor(rounded / DAY_MS);
  const hours = Math.floor((rounded % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((rounded % HOUR_MS) / MINUTE_MS);
  const seconds = ((rounded % MINUTE_MS) / 1000)
    .toFixed(decimals)
    .padStart(decimals > 0 ? decimals + 3 : 2, '0');
  const clock = `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`;
  return days === 0 ? clock : `${days}d ${clock}`;
}
