/**
 * Every moment of a run in virtual time: first it is run once to see at which times anything was due, then it can be
 * disturbed at each of them, any number of promise turns later.
 */
import { type ClockTimer, VirtualClock } from 'orderlyd/concurrency';

/** A clock that remembers for which times a timer was set. */
export class NotingClock extends VirtualClock {
  readonly #times = new Set<number>();

  override at(timeMs: number, fn: () => void): ClockTimer {
    if (timeMs !== Number.POSITIVE_INFINITY) this.#times.add(timeMs);
    return super.at(timeMs, fn);
  }

  /** Those that have come, in order. */
  get moments(): readonly number[] {
    return [...this.#times].filter((timeMs) => timeMs <= this.now()).sort((a, b) => a - b);
  }
}

/** Calls `fn` on `clock` at a time, after that many turns of promises. Set it before all else: it is then the first. */
export function atTurn(clock: VirtualClock, timeMs: number, turns: number, fn: () => void): ClockTimer {
  return clock.at(timeMs, () => {
    let turn = Promise.resolve();
    for (let left = turns; left > 0; left--) turn = turn.then(() => undefined);
    void turn.then(fn);
  });
}
