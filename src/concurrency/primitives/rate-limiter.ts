/**
 * So many in so much time, first come, first served. It counts those that began and not those that run: how many may
 * be inside at once is a `CapacityLimiter`'s affair. It holds a timer only while somebody waits.
 */
import { checkCount } from '../kernel/checks.ts';
import type { Clock, ClockTimer } from '../kernel/clock/clock.ts';
import { ambientClock } from '../kernel/scope/ambient.ts';
import { pend, refusal, satisfied, type Wait, type WaitOptions } from '../kernel/wait/suspend.ts';
import { Fifo } from './stores.ts';

/** What a rate limiter lets through; times are in ms. */
export interface RateLimiterOptions {
  /** How many may pass in any stretch of `perMs`. */
  readonly limit: number;
  /** The length of that stretch, in ms. */
  readonly perMs: number;
  /**
   * How many may pass at once after a rest; those that follow are `perMs / limit` ms apart. By default all of `limit`;
   * 1 is an even pace.
   */
  readonly burst?: number | undefined;
  /** What it tells the time by; by default the ambient clock of the code that makes it. */
  readonly clock?: Clock | undefined;
}

/** What a rate limiter is like at this moment. */
export interface RateLimiterStatistics {
  /** How many wait to pass. */
  readonly waiting: number;
  /** In how many ms the next one may pass, pauses aside; 0: now. */
  readonly readyInMs: number;
}

/**
 * At most `limit` pass in any stretch of `perMs` milliseconds, wherever it begins, in the order of coming. Nothing is
 * given back: it bounds how many begin, and not how many run at once, as a `CapacityLimiter` does.
 */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #rate: Rate;
  readonly #line = new Set<Wait<void>>();
  #timer: ClockTimer | undefined;
  #isPaused = false;

  /** Throws a `RangeError` unless `limit` and `burst` are whole numbers >= 1, and `perMs` is finite and above 0. */
  constructor({ limit, perMs, burst = limit, clock = ambientClock() }: RateLimiterOptions) {
    checkFinite(limit, 'a limit');
    checkFinite(burst, 'a burst');
    if (!(perMs > 0 && perMs < Number.POSITIVE_INFINITY))
      throw new RangeError(`Cannot limit a rate per ${perMs} ms: give a finite number above 0`);
    this.#clock = clock;
    this.#rate = new Rate(limit, perMs, Math.min(burst, limit));
  }

  /** Resolves when the caller may pass. When cancelled before, it has not passed, and those behind it move up. */
  acquire(options?: WaitOptions): Promise<void> {
    const refused = refusal(options);
    if (refused !== undefined) return refused;
    if (this.tryAcquire()) return satisfied;
    return pend<void>(
      'rate limiter',
      (wait) => {
        this.#line.add(wait);
        wait.giveUp = () => {
          this.#line.delete(wait);
          this.#setTimer();
        };
        this.#setTimer();
      },
      options,
    );
  }

  /** Passes if it may now, and nobody waits; returns whether. */
  tryAcquire(): boolean {
    if (this.#line.size > 0 || !this.#mayPass) return false;
    this.#rate.pass(this.#clock.now());
    return true;
  }

  /** Runs `fn` once it may pass, and resolves with its value. When cancelled before, `fn` is not called. */
  async run<T>(fn: () => Promise<T> | T, options?: WaitOptions): Promise<T> {
    await this.acquire(options);
    return fn();
  }

  /** Lets nobody pass until `resume`, as when a server asks for a rest. Again without effect. */
  pause(): void {
    this.#isPaused = true;
    this.#setTimer();
  }

  /** Lets pass again, at the same rate, first those who have waited. Without effect if it was not paused. */
  resume(): void {
    this.#isPaused = false;
    this.#serve();
  }

  /** Whether `pause` was called, and `resume` was not. */
  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** What the limiter is like now. */
  statistics(): RateLimiterStatistics {
    const readyInMs = Math.max(0, this.#rate.nextMs - this.#clock.now());
    return { waiting: this.#line.size, readyInMs };
  }

  get #mayPass(): boolean {
    return !this.#isPaused && this.#clock.now() >= this.#rate.nextMs;
  }

  readonly #serve = (): void => {
    this.#forgetTimer();
    for (const wait of this.#line) {
      if (!this.#mayPass) break;
      this.#line.delete(wait);
      this.#rate.pass(this.#clock.now());
      wait.fulfil();
    }
    this.#setTimer();
  };

  /** There is one while somebody waits for nothing but time. */
  #setTimer(): void {
    if (this.#isPaused || this.#line.size === 0) this.#forgetTimer();
    else this.#timer ??= this.#clock.at(this.#rate.nextMs, this.#serve);
  }

  #forgetTimer(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}

function checkFinite(count: number, what: string): void {
  if (count === Number.POSITIVE_INFINITY)
    throw new RangeError(`Cannot use Infinity as ${what} of a rate: make no limiter`);
  checkCount(count, 1, `use ${count} as ${what} of a rate`);
}

/**
 * When the next one may pass, decided from when others passed: a window that slides for how many there may be in any
 * stretch of time, and the generic cell rate algorithm (ITU-T I.371) for how many of them may come at once. It
 * reads no clock and waits for nobody.
 */
class Rate {
  readonly #limit: number;
  readonly #perMs: number;
  /** The pace of those that come after a burst. */
  readonly #paceMs: number;
  /** How far ahead of its pace a burst may be. */
  readonly #aheadMs: number;
  /** When the last ones passed, no more than make a difference. */
  readonly #passed = new Fifo<number>();
  /** When the next one would pass if all kept the pace. */
  #theoreticalMs = Number.NEGATIVE_INFINITY;

  constructor(limit: number, perMs: number, burst: number) {
    this.#limit = limit;
    this.#perMs = perMs;
    this.#paceMs = perMs / limit;
    this.#aheadMs = (burst - 1) * this.#paceMs;
  }

  /** The earliest time at which one more may pass. */
  get nextMs(): number {
    const inPace = this.#theoreticalMs - this.#aheadMs;
    return this.#passed.length < this.#limit ? inPace : Math.max(inPace, this.#passed.first! + this.#perMs);
  }

  /** One passes at `nowMs`, which is `nextMs` or later. */
  pass(nowMs: number): void {
    this.#theoreticalMs = Math.max(this.#theoreticalMs, nowMs) + this.#paceMs;
    this.#passed.push(nowMs);
    if (this.#passed.length > this.#limit) this.#passed.shift();
  }
}
