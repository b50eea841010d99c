/**
 * Real, monotonic time: milliseconds of `performance.now()`, which stands still while the machine
 * sleeps. One Node timer serves all; it is chained beyond 2^31-1 ms, set again when Node fires it
 * early, and gone when no timer is pending, so that the process can exit.
 *
 * What has happened is heard before what is late: libuv fires timers without looking at what has
 * come in, so after a stall (SIGSTOP, a paused machine, a starved loop) the loop polls first.
 */
import { type Clock, type ClockTimer, isNever, neverTimer, type StallWatch, StallWatchers } from './clock.ts';
import { TimerHeap } from './timer-heap.ts';

/** The longest delay Node's timers hold; longer ones would fire at once. */
const longestDelayMs = 2 ** 31 - 1;
/** What a busy loop or machine is late by every day. */
const lateMs = 50;
/** What comes in is passed on in turns of its own at times: the end of a process after what it has written. */
const turnsToHear = 4;
/** How often we look whether time is lost, while somebody wants to know: what is lost before is not seen. */
const lookEveryMs = 250;

class SystemClock implements Clock {
  readonly #timers = new TimerHeap(() => this.#disarm());
  readonly #watchers = new StallWatchers();
  /** When the loop will call us; Infinity when it will not. */
  #wakeMs = Number.POSITIVE_INFINITY;
  /** Up to when stalls have been told. */
  #toldMs = Number.NEGATIVE_INFINITY;
  /** What set the timer: who fakes time in a test replaces it, and the timer is never heard of again. */
  #armedBy: typeof setTimeout | undefined;
  #timeout: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;
  #look: ClockTimer = neverTimer;

  now(): number {
    return performance.now();
  }

  at(timeMs: number, fn: () => void): ClockTimer {
    if (isNever(timeMs)) return neverTimer;
    const now = this.now();
    const timer = this.#timers.add(Math.max(timeMs, now), fn);
    if (timer.time < this.#wakeMs || this.#armedBy !== setTimeout) this.#arm(this.#timers.first!.time, now);
    return timer;
  }

  watchStalls(listener: (lostMs: number) => void): StallWatch {
    const forget = this.#watchers.add(listener);
    if (this.#watchers.count === 1) this.#lookLater();
    return {
      notice: this.#notice,
      end: () => {
        if (forget() && this.#watchers.count === 0) this.#look.cancel();
      },
    };
  }

  /** A timer that does nothing: that it is late says all. */
  readonly #lookLater = (): void => {
    this.#look = this.at(this.now() + lookEveryMs, this.#lookLater);
  };

  /** Lateness is all that is told: who is starved for ever, but runs now and then, still gets on. */
  readonly #notice = (): void => {
    const now = this.now();
    const sinceMs = Math.max(this.#wakeMs, this.#toldMs);
    if (now - sinceMs <= lateMs) return;
    this.#toldMs = now;
    this.#watchers.tell(now - sinceMs);
  };

  #arm(timeMs: number, now: number): void {
    this.#disarm();
    this.#wakeMs = timeMs;
    this.#armedBy = setTimeout;
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
    this.#notice();
    if (this.now() - this.#wakeMs > lateMs) this.#hearFirst(turnsToHear);
    else this.#fire();
  };

  /** Between two immediates the loop polls once. */
  #hearFirst(turns: number): void {
    this.#immediate = setImmediate(() => {
      if (turns > 1) this.#hearFirst(turns - 1);
      else this.#fire();
    });
  }

  #fire(): void {
    this.#disarm();
    try {
      this.#timers.fireDue(this.now());
    } finally {
      const next = this.#timers.first;
      if (next !== undefined) this.#arm(next.time, this.now());
    }
  }
}

/** The clock of the real world, used wherever `withClock` has not set another. */
export const systemClock: Clock = new SystemClock();
