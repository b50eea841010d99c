/**
 * A critical path in words: a title, a row for each service on it, and what waited longest for what. Pure.
 */
import { formatDuration } from '../../events/format-duration.ts';
import { shortened } from './describe-lane.ts';
import { type CriticalPath, type Hop, hopsOf, type Phase, type Step } from './paths/critical-path.ts';

export interface PathRow {
  /** `orderly` itself where no service was left. */
  readonly who: string;
  readonly fromMs: number;
  readonly took: string;
  /** From 0 to 1, and in words. */
  readonly share: number;
  readonly percent: string;
  /** `starting 193 ms, launching 15 ms`. */
  readonly what: string;
}

export interface PathText {
  readonly title: string;
  readonly rows: readonly PathRow[];
  /** How many there were no room for. */
  readonly more: number;
  /** Undefined: there was but one. */
  readonly longest: string | undefined;
}

/** `limit`: how many rows there may be; those that took longest are kept. */
export function describePath(path: CriticalPath, limit = Number.POSITIVE_INFINITY): PathText {
  const hops = hopsOf(path);
  const told = hops.filter(isWorthTelling);
  const kept = new Set([...told].sort((a, b) => b.share - a.share).slice(0, limit));
  const rows = told.filter((hop) => kept.has(hop)).map(rowOf);
  return { title: titleOf(path), rows, more: told.length - rows.length, longest: longestWait(path, hops) };
}

function isWorthTelling({ service, fromMs, toMs, share }: Hop): boolean {
  return service !== undefined || toMs - fromMs >= 1 || share >= 0.01;
}

function rowOf({ service, fromMs, toMs, share, steps }: Hop): PathRow {
  return {
    who: service ?? 'orderly',
    fromMs,
    took: formatDuration(toMs - fromMs),
    share,
    percent: percentOf(share),
    what: phasesOf(steps),
  };
}

export function percentOf(share: number): string {
  const percent = Math.round(share * 100);
  return percent === 0 && share > 0 ? '<1 %' : `${percent} %`;
}

/** Each phase once, the longest first, without those of no account to the path or to the service. */
function phasesOf(steps: readonly Step[]): string {
  const sums = new Map<Phase, { ms: number; share: number; times: number }>();
  for (const { phase, fromMs, toMs, share } of steps) {
    const sum = sums.get(phase) ?? { ms: 0, share: 0, times: 0 };
    sums.set(phase, { ms: sum.ms + toMs - fromMs, share: sum.share + share, times: sum.times + 1 });
  }
  const whole = steps.reduce((sum, { share }) => sum + share, 0);
  return [...sums]
    .filter(([, { ms, share }]) => sums.size === 1 || (ms >= 0.5 && (share >= 0.01 || share >= whole / 10)))
    .sort(([, a], [, b]) => b.ms - a.ms)
    .map(([phase, { ms, times }]) => `${phase} ${formatDuration(ms)}${times > 1 ? ` (${times} times)` : ''}`)
    .join(', ');
}

function titleOf({ kind, end, fromMs, toMs, service }: CriticalPath): string {
  const took = formatDuration(toMs - fromMs);
  const who = service === undefined ? '' : shortened(service, 40);
  if (kind === 'shutdown') return `Shutdown: ${took}${end === 'open' ? ', and not over yet' : ''}`;
  if (end === 'ready') return `Start-up: ${took} until ${who} was ready`;
  return end === 'failed'
    ? `Start-up: ${took} until ${who} failed`
    : `Start-up: ${who} not ready after ${took}`;
}

/** The one that took longest, and what waited for it. */
function longestWait({ kind }: CriticalPath, hops: readonly Hop[]): string | undefined {
  const [first, ...others] = hops.filter(({ service }) => service !== undefined);
  if (first === undefined || others.length === 0) return undefined;
  const longest = others.reduce((most, hop) => (hop.share > most.share ? hop : most), first);
  const took = formatDuration(longest.toMs - longest.fromMs);
  const share = `${took} (${percentOf(longest.share)})`;
  const next = hops[hops.indexOf(longest) + 1]?.service;
  if (next === undefined) return `most of it was ${longest.service} itself: ${share}`;
  return kind === 'start-up'
    ? `${next} waited for ${longest.service}: ${share}`
    : `${next} was to stop after ${longest.service}: ${share}`;
}
