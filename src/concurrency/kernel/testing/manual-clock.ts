/**
 * Time for tests that look between two moments: it stands still until it is moved by hand. What is due fires in the
 * order of times, each with the time that it was set for, and everything that it wakes runs before the next, until
 * nobody can go on by itself.
 */
import { checkTime } from '../checks.ts';
import { type Clock, type ClockTimer, isNever, neverTimer } from '../clock/clock.ts';
import { TimerHeap } from '../clock/timer-heap.ts';
import { ambientClock, withClock } from '../scope/ambient.ts';
import { stepsSoFar, suspend, type WaitOptions } from '../wait/suspend.ts';

/**
 * A clock for tests, whose time stands still until `advance` moves it. Give it to `withClock`. It keeps no program
 * alive: one that waits for it, and has nothing else to do, ends.
 */
export class ManualClock implements Clock {
  readonly #timers = new TimerHeap(() => this.#stop());
  #nowMs: number;
  #turn: NodeJS.Immediate | undefined;
  #isMoving = false;

  /** It starts at `startMs` ms. Throws a `RangeError` for NaN. */
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
    if (isNever(timeMs)) return neverTimer;
    const timer = this.#timers.add(Math.max(timeMs, this.#nowMs), fn);
    this.#fireSoon();
    return timer;
  }

  /**
   * Moves the time on by `ms` milliseconds, and stops on the way at every timer until everything that it woke has run;
   * resolves when, at the end of that time, no task can go on by itself. When cancelled, the time stays where it is.
   * Rejects with a `RangeError` unless `ms` is finite and not negative, and with an `Error` while another call moves
   * it.
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Number.POSITIVE_INFINITY))
      throw new RangeError(`Cannot advance a clock by ${ms} ms: give a finite number that is not negative`);
    if (this.#isMoving)
      throw new Error('Cannot advance the clock: it is being moved; await the other call first');
    this.#isMoving = true;
    try {
      await this.#moveTo(this.#nowMs + ms);
    } finally {
      this.#isMoving = false;
    }
  }

  async #moveTo(endMs: number): Promise<void> {
    const settle = (): Promise<void> => withClock(this, waitAllTasksBlocked);
    await settle();
    for (let next = this.#timers.first; next !== undefined && next.time <= endMs; next = this.#timers.first) {
      this.#nowMs = next.time;
      this.#fireSoon();
      await settle();
    }
    this.#nowMs = endMs;
  }

  /** What is due fires in a turn of its own. */
  #fireSoon(): void {
    const next = this.#timers.first;
    if (next !== undefined && next.time <= this.#nowMs) this.#turn ??= setImmediate(this.#fire);
  }

  #stop(): void {
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#turn = undefined;
  }

  readonly #fire = (): void => {
    this.#turn = undefined;
    try {
      this.#timers.fireDue(this.#nowMs);
    } finally {
      this.#fireSoon();
    }
  };
}

/** Steps of those who wait here: they do not count, so that several may wait. */
let ownSteps = 0;

/**
 * Resolves once no other task can go on by itself: a whole turn of the event loop has passed in which no wait began or
 * ended. Time does not move for it, on a `VirtualClock` neither. A task that awaits a foreign promise, such as one of
 * real I/O, counts as blocked.
 */
export async function waitAllTasksBlocked(options?: WaitOptions): Promise<void> {
  const clock = ambientClock();
  let before: number;
  do {
    before = stepsSoFar() - ownSteps;
    await turn(clock, options);
  } while (stepsSoFar() - ownSteps !== before);
}

function turn(clock: Clock, options: WaitOptions | undefined): Promise<void> {
  return suspend<void>(
    'all tasks blocked',
    (wait) => {
      ownSteps += 1;
      const timer = clock.at(clock.now(), () => {
        ownSteps += 1;
        wait.fulfil();
      });
      wait.giveUp = () => timer.cancel();
    },
    options,
  );
}
