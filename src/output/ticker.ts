/** Time for what is shown live. The real one never keeps the program alive; a test's own stands still until told. */

export interface Ticker {
  /** Monotonic milliseconds. */
  now(): number;
  /** Calls again and again until cancelled. */
  every(intervalMs: number, tick: () => void): () => void;
}

export const systemTicker: Ticker = {
  now: () => performance.now(),
  every(intervalMs, tick) {
    const timer = setInterval(tick, intervalMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};
