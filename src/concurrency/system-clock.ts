/**
 * Real, monotonic time: milliseconds of `performance.now()`, which stands still while the machine
 * sleeps. One Node timer serves all; it is chained beyond 2^31-1 ms, set again when Node fires it
 * early, and gone when no timer is pending, so that the process can exit.
 */

import { checkTime } from './check-time.ts';
import type { Clock, ClockTimer } from './clock.ts';
import { neverTimer } from './never-timer.ts';
import { TimerHeap } from './timer-heap.ts';

/** The longest delay Node's timers hold; longer ones would fire at once. */
const longestDelayMs = 2 ** 31 - 1;

class SystemClock implements Clock {
  readonly #timers = new TimerHeap(() => this.#disarm());
  /** When the loop will call us; Infinity when it will not. */
  #wakeMs = Number.POSITIVE_INFINITY;
  #timeout: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  now(): number {
    return performance.now();
  }

  at(timeMs: number, fn: () => void): ClockTimer {
    if (checkTime(timeMs, 'the time of a timer') === Number.POSITIVE_INFINITY) return neverTimer;
    const now = this.now();
    const timer = this.#timers.add(Math.max(timeMs, now), fn);
    if (timer.time < this.#wakeMs) this.#arm(timer.time, now);
    return timer;
  }

  #arm(timeMs: number, now: number): void {
    this.#disarm();
    this.#wakeMs = timeMs;
    const delayMs = Math.ceil(timeMs - now);
    if (delayMs <= 0) this.#immediate = setImmediate(this.#wake);
    else this.#timeout = setTimeout(this.#wake, Math.min(delayMs, longestDelayMs));
  }

  #disarm(): void {
    this.#wakeMs = Number.POSITIVE_INFINITY;
    if (this.#timeout !== undefined) clearTimeout(this.#timeout);
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    this.#timeout = undefined;
    this.#immediate = undefined;
  }

  readonly #wake = (): void => {
    this.#disarm();
    try {
      this.#timers.fireDue(this.now());
    } finally {
      const next = this.#timers.first;
      if (next !== undefined) this.#arm(next.time, this.now());
    }
  };
}

/** The clock of the real world, used wherever `withClock` has not set another. */
export const systemClock: Clock = new SystemClock();
