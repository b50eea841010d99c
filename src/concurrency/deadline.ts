/**
 * When a scope is cancelled by time: the time itself, and the timer while the scope is open. It
 * tells the scope that the time has come, and decides nothing.
 */
import type { Clock, ClockTimer } from './clock.ts';

/** The deadline of one scope. */
export class Deadline {
  readonly #onPassed: () => void;
  #timeMs = Number.POSITIVE_INFINITY;
  #clock: Clock | undefined;
  #timer: ClockTimer | undefined;

  constructor(onPassed: () => void) {
    this.#onPassed = onPassed;
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
    return this.#clock !== undefined && this.#clock.now() >= this.#timeMs;
  }

  start(clock: Clock): void {
    this.#timer?.cancel();
    this.#clock = clock;
    if (this.hasPassed) this.#onPassed();
    else this.#timer = clock.at(this.#timeMs, this.#onPassed);
  }

  /** For good: the scope was left, or is cancelled anyway. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#clock = undefined;
  }
}
