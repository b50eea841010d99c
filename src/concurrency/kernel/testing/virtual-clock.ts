/**
 * A clock for tests and simulations: its time stands still while anything can run, and jumps to
 * the next timer when everything is blocked. "Blocked" means that the loop came round with no
 * promise reaction left, so real I/O awaited meanwhile is not waited for. Without timers it holds
 * nothing, and stops by itself.
 *
 * It can be made to stall, as SIGSTOP does to a process: the world outside goes on meanwhile, and
 * what happened there is heard before what is late.
 */
import { checkTime } from '../checks.ts';
import {
  type Clock,
  type ClockTimer,
  isNever,
  neverTimer,
  type StallWatch,
  StallWatchers,
} from '../clock/clock.ts';
import { type TimerEntry, TimerHeap } from '../clock/timer-heap.ts';

interface Stall {
  readonly fromMs: number;
  readonly endMs: number;
}

function byTime(a: TimerEntry, b: TimerEntry): number {
  return a.time - b.time || a.order - b.order;
}

/**
 * A clock for tests and simulations: its time stands still while anything can run, and jumps to the next timer when
 * everything is blocked. Real I/O that is awaited meanwhile is not waited for. Give it to `withClock`.
 */
export class VirtualClock implements Clock {
  readonly #timers = new TimerHeap(() => this.#stop());
  readonly #watchers = new StallWatchers();
  /** What is to happen in the world outside. */
  readonly #happenings = new Set<TimerEntry>();
  readonly #stalls: Stall[] = [];
  #nowMs: number;
  #turn: NodeJS.Immediate | undefined;

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

  /** The same time for what happens outside of the process: no stall keeps it from happening. */
  readonly outside: Clock = {
    now: () => this.#nowMs,
    at: (timeMs, fn) => {
      if (isNever(timeMs)) return neverTimer;
      const entry = this.#add(timeMs, () => {
        this.#happenings.delete(entry);
        fn();
      });
      this.#happenings.add(entry);
      return entry;
    },
  };

  at(timeMs: number, fn: () => void): ClockTimer {
    if (isNever(timeMs)) return neverTimer;
    return this.#add(timeMs, fn);
  }

  #add(timeMs: number, fn: () => void): TimerEntry {
    this.#turn ??= setImmediate(this.#jump);
    return this.#timers.add(Math.max(timeMs, this.#nowMs), fn);
  }

  watchStalls(listener: (lostMs: number) => void): StallWatch {
    const forget = this.#watchers.add(listener);
    return { notice: () => undefined, end: () => void forget() };
  }

  /**
   * From the time `fromMs` on nothing of the process runs for `forMs` ms, as if it was stopped, if a timer is set by
   * then. Add several in order. One from now on is over when this returns: the caller was stopped in the middle of what
   * it does.
   */
  stall(fromMs: number, forMs: number): void {
    const endMs = fromMs + forMs;
    if (fromMs > this.#nowMs) this.#stalls.push({ fromMs, endMs });
    else {
      this.#stalls.unshift({ fromMs, endMs });
      this.#lose(endMs);
    }
  }

  #lose(untilMs: number): void {
    const lostMs = untilMs - this.#nowMs;
    this.#nowMs = Math.max(untilMs, this.#nowMs);
    if (lostMs > 0) this.#watchers.tell(lostMs);
  }

  #stop(): void {
    if (this.#turn !== undefined) clearImmediate(this.#turn);
    this.#turn = undefined;
  }

  readonly #jump = (): void => {
    this.#turn = undefined;
    const next = this.#timers.first;
    if (next === undefined) return;
    const stall = this.#stalls[0];
    if (stall !== undefined && (stall.fromMs < next.time || stall.endMs <= this.#nowMs)) this.#sleep(stall);
    else {
      this.#nowMs = Math.max(next.time, this.#nowMs);
      this.#fire();
    }
  };

  #fire(): void {
    try {
      this.#timers.fireDue(this.#nowMs);
    } finally {
      if (this.#timers.size > 0) this.#turn ??= setImmediate(this.#jump);
    }
  }

  /** First what came in, then two turns in which it can be acted on, then what is late. */
  #sleep({ fromMs, endMs }: Stall): void {
    this.#nowMs = Math.max(fromMs, this.#nowMs);
    this.#stalls.shift();
    this.#turn = setImmediate(() => {
      this.#turn = setImmediate(() => {
        this.#turn = undefined;
        this.#fire();
      });
    });
    this.#lose(endMs);
    const happened = [...this.#happenings].filter(({ time }) => time <= this.#nowMs).sort(byTime);
    for (const entry of happened) {
      if (entry.index < 0) continue;
      entry.cancel();
      entry.fire();
    }
  }
}
