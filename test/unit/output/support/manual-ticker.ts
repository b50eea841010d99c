/** Time that stands still until a test moves it. */
import type { Ticker } from '../../../../src/output/ticker.ts';

export interface ManualTicker extends Ticker {
  advance(ms: number): void;
  /** How many are ticking. */
  readonly active: number;
}

export function createManualTicker(): ManualTicker {
  let nowMs = 1_000_000;
  const timers = new Set<{ readonly intervalMs: number; nextMs: number; readonly tick: () => void }>();
  return {
    now: () => nowMs,
    every(intervalMs, tick) {
      const timer = { intervalMs, nextMs: nowMs + intervalMs, tick };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      const end = nowMs + ms;
      for (;;) {
        const next = [...timers].sort((a, b) => a.nextMs - b.nextMs)[0];
        if (next === undefined || next.nextMs > end) break;
        nowMs = next.nextMs;
        next.nextMs += next.intervalMs;
        next.tick();
      }
      nowMs = end;
    },
    get active() {
      return timers.size;
    },
  };
}
