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
    let turn: NodeJS.Immediate | undefined;
    // Behind the signals that have come until then: what is painted knows the window's size.
    const timer = setInterval(() => {
      turn = setImmediate(tick);
    }, intervalMs);
    timer.unref();
    return () => {
      clearInterval(timer);
      clearImmediate(turn);
    };
  },
};
