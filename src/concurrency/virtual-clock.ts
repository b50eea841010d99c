/**
 * A clock for tests and simulations: its time stands still while anything can run, and jumps to
 * the next timer when everything is blocked. "Blocked" means that the loop came round with no
 * promise reaction left, so real I/O awaited meanwhile is not waited for. Without timers it holds
 * nothing, and stops by itself.
 */

import { checkTime } from './check-time.ts';
import type { Clock, ClockTimer } from './clock.ts';
import { neverTimer } from './never-timer.ts';
import { TimerHeap } from './timer-heap.ts';

/** A clock that starts at `startMs` and jumps from timer to timer. */
export class VirtualClock implements Clock {
  readonly #timers = new TimerHeap(() => this.#stop());
  #nowMs: number;
  #turn: NodeJS.Immediate | undefined;

  constructor(startMs = 0) {
    this.#nowMs = checkTime(startMs, 'the start of a clock');
  }

  now(): number {
    return this.#nowMs;
  }

  /** How many timers are set. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  at(timeMs: number, fn: () => void): ClockTimer {
    if (checkTime(timeMs, 'the time of a timer') === Number.POSITIVE_INFINITY) return neverTimer;
    this.#turn ??= setImmediate(this.#jump);
    return this.#timers.add(Math.max(timeMs, this.#nowMs), fn);
  }

  #stop(): void {
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#turn = undefined;
  }

  readonly #jump = (): void => {
    this.#turn = undefined;
    const next = this.#timers.first;
    if (next === undefined) return;
    this.#nowMs = next.time;
    try {
      this.#timers.fireDue(this.#nowMs);
    } finally {
      if (this.#timers.size > 0) this.#turn ??= setImmediate(this.#jump);
    }
  };
}
