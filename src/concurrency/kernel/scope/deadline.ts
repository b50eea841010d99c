/**
 * When a scope is cancelled by time: the time itself, and the timer while the scope is open. It
 * tells the scope that the time has come, and decides nothing. One that forgives stalls is moved
 * back by the time that was lost, but never by more than has passed since it was set.
 */
import type { Clock, ClockTimer, StallWatch } from '../clock/clock.ts';

/** The deadline of one scope. */
export class Deadline {
  readonly #onPassed: () => void;
  readonly #forgivesStalls: boolean;
  #timeMs = Number.POSITIVE_INFINITY;
  #clock: Clock | undefined;
  #timer: ClockTimer | undefined;
  /** When it was started or last moved. */
  #setMs = 0;
  #stalls: StallWatch | undefined;

  constructor(onPassed: () => void, forgivesStalls = false) {
    this.#onPassed = onPassed;
    this.#forgivesStalls = forgivesStalls;
  }

  get timeMs(): number {
    return this.#timeMs;
  }

  /** A running deadline is set again; a time that has passed is told at once. */
  set timeMs(timeMs: number) {
    this.#timeMs = timeMs;
    if (this.#clock !== undefined) this.start(this.#clock);
  }

  /** Whether it is running and its time has come, even if the timer had no chance to fire. */
  get hasPassed(): boolean {
    if (this.#clock === undefined || this.#clock.now() < this.#timeMs) return false;
    this.#stalls?.notice();
    return this.#clock.now() >= this.#timeMs;
  }

  start(clock: Clock): void {
    this.#timer?.cancel();
    this.#clock = clock;
    const now = clock.now();
    this.#setMs = now;
    if (this.#forgivesStalls) this.#stalls ??= clock.watchStalls?.(this.#giveBack);
    if (now >= this.#timeMs) this.#onPassed();
    else this.#timer = clock.at(this.#timeMs, this.#onPassed);
  }

  /** For good: the scope was left, or is cancelled anyway. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#clock = undefined;
    this.#stalls?.end();
    this.#stalls = undefined;
  }

  /** Should it have passed nevertheless, the timer says so, after all that has come in meanwhile. */
  readonly #giveBack = (lostMs: number): void => {
    const clock = this.#clock;
    if (clock === undefined || this.#timeMs === Number.POSITIVE_INFINITY) return;
    const now = clock.now();
    this.#timeMs += Math.min(lostMs, now - this.#setMs);
    this.#setMs = now;
    this.#timer?.cancel();
    this.#timer = clock.at(this.#timeMs, this.#onPassed);
  };
}
