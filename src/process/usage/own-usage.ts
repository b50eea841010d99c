/**
 * What this program itself uses, looked at when somebody asks.
 *
 * How late the loop is has to be watched by a timer: that begins when it is asked for first, and ends when nobody has asked for some
 * minutes. It keeps no program alive.
 */
import { readdirSync } from 'node:fs';
import { type IntervalHistogram, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { OwnUsage } from '../usage-ports.ts';

const RESOLUTION_MS = 50;
const WATCHED_MS = 5 * 60_000;

/** `watchLoop` makes what watches it, as Node does. */
export function createOwnUsage(
  watchLoop: typeof monitorEventLoopDelay = monitorEventLoopDelay,
): () => OwnUsage {
  let histogram: IntervalHistogram | undefined;
  let forget: NodeJS.Timeout | undefined;

  const delay = (): OwnUsage['loop']['delay'] => {
    const told = histogram === undefined || histogram.count === 0 ? undefined : delayOf(histogram);
    if (histogram === undefined) {
      histogram = watchLoop({ resolution: RESOLUTION_MS });
      histogram.enable();
    } else histogram.reset();
    clearTimeout(forget);
    forget = setTimeout(() => {
      histogram?.disable();
      histogram = undefined;
    }, WATCHED_MS).unref();
    return told;
  };

  return () => {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed } = process.memoryUsage();
    return {
      cpuSeconds: (user + system) / 1e6,
      residentBytes: rss,
      heapBytes: heapUsed,
      openFiles: countOpenFiles(),
      loop: { busySeconds: performance.eventLoopUtilization().active / 1000, delay: delay() },
    };
  };
}

/** It records how long its timer took from one time to the next, in nanoseconds. */
function delayOf(histogram: IntervalHistogram): OwnUsage['loop']['delay'] {
  const late = (ns: number): number => Math.max(0, ns / 1e9 - RESOLUTION_MS / 1000);
  return {
    mean: late(histogram.mean),
    p99: late(histogram.percentile(99)),
    max: late(histogram.max),
  };
}

function countOpenFiles(): number | undefined {
  try {
    // The one that it is read by is none.
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    // No /proc, or no descriptor for it.
    return undefined;
  }
}
