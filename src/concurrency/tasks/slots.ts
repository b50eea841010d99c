/**
 * A number of slots, each given to the most urgent of those in line, and of equal ones to the one that came first. How
 * long a place in the line is kept is its owner's affair. While the line is paused no slot is given.
 */
import { type TimerEntry, TimerHeap } from '../kernel/clock/timer-heap.ts';
import { pend, refusal, type Wait } from '../kernel/wait/suspend.ts';

/** One place in the line, and later the slot. */
export class Turn {
  readonly #slots: Slots;
  readonly #place: TimerEntry;
  #wait: Wait<void> | undefined;
  #isMine = false;

  constructor(slots: Slots, enter: (onTurn: () => void) => TimerEntry) {
    this.#slots = slots;
    this.#place = enter(() => {
      this.#isMine = true;
      this.#wait?.fulfil();
    });
  }

  /** Resolves when the slot is the caller's; undefined: it is. When cancelled, `end` gives back what there is. */
  come(): Promise<void> | undefined {
    const refused = refusal(undefined);
    if (refused !== undefined) return refused;
    if (!this.#isMine) this.#slots.serve();
    if (this.#isMine) return undefined;
    return pend<void>(
      'slot',
      (wait) => {
        this.#wait = wait;
      },
      undefined,
    );
  }

  /** Gives the slot back, or leaves the line. Once, however it went. */
  end(): void {
    if (this.#isMine) this.#slots.giveBack();
    else this.#place.cancel();
  }
}

/** So many slots, and the line of those who want one. */
export class Slots {
  /** A heap that lets go of whoever leaves, as it does of timers: the time is the priority. */
  readonly #line = new TimerHeap(() => undefined);
  #free: number;
  #isPaused = false;

  constructor(count: number) {
    this.#free = count;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Stands in line from now on; a slot is given to nobody before one has come, a slot was given back, or `resume`. */
  enter(priority: number): Turn {
    return new Turn(this, (onTurn) => this.#line.add(priority, onTurn));
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.serve();
  }

  giveBack(): void {
    this.#free += 1;
    this.serve();
  }

  serve(): void {
    while (!this.#isPaused && this.#free > 0) {
      const next = this.#line.first;
      if (next === undefined) return;
      this.#free -= 1;
      next.cancel();
      next.fire();
    }
  }
}
