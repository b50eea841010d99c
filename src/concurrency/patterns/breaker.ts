/**
 * A limit on an exact quantity: measured again and again, it fails as soon as the limit is reached. Quantities are
 * whole numbers in their smallest unit (ticks, cents, bytes): a sum of fractions drifts, and a limit must not.
 */
import { checkTime } from '../kernel/checks.ts';
import { failAfter } from '../kernel/scope/time-limits.ts';
import { sleep } from '../kernel/wait/sleep.ts';

/** A `bigint`, or a number that is a safe integer. */
export type Quantity = bigint | number;

/** Thrown by `breaker` when the limit is reached. */
export class BreakerError extends Error {
  override readonly name = 'BreakerError';
  /** The name of the breaker. */
  readonly breaker: string;
  /** What was measured. */
  readonly value: Quantity;
  /** What it should have stayed below. */
  readonly limit: Quantity;

  constructor(breaker: string, value: Quantity, limit: Quantity) {
    super(`"${breaker}" has reached ${value}, and its limit is ${limit}`);
    this.breaker = breaker;
    this.value = value;
    this.limit = limit;
  }
}

/** What a breaker measures, how often, and when it trips; times are in ms. */
export interface BreakerOptions {
  /** For the error. */
  readonly name: string;
  /** It trips at this value and beyond. */
  readonly limit: Quantity;
  /** Gives the quantity as it is now; `signal` aborts when the measurement is cancelled or out of time. */
  readonly measure: (signal: AbortSignal) => Promise<Quantity> | Quantity;
  /** The pause between two measurements, in ms. */
  readonly everyMs: number;
  /** How long one may take, in ms; then it rejects with a `TimeoutError`. By default as long as the pause. */
  readonly withinMs?: number | undefined;
}

/**
 * Measures at once, and again after a pause of `everyMs` ms, until the value is equal to or beyond `limit`: then it
 * rejects with a `BreakerError`. It never resolves; run it as a task of its own and cancel it. Rejects with a
 * `TimeoutError` for a measurement that takes too long, with a `TypeError` for a quantity that is not exact, and with
 * what `measure` throws.
 */
export async function breaker({
  name,
  limit,
  measure,
  everyMs,
  withinMs = everyMs,
}: BreakerOptions): Promise<never> {
  checkTime(everyMs, 'the pause of a breaker');
  checkExact(name, limit);
  for (;;) {
    // Nobody else cancels that scope.
    const value = (await failAfter(withinMs, (scope) => measure(scope.signal))) as Quantity;
    checkExact(name, value);
    if (value >= limit) throw new BreakerError(name, value, limit);
    await sleep(everyMs);
  }
}

function checkExact(name: string, quantity: Quantity): void {
  if (typeof quantity === 'bigint' || Number.isSafeInteger(quantity)) return;
  throw new TypeError(
    `"${name}" can't compare ${String(quantity)}: give a bigint, or a whole number below 2^53, in the smallest unit`,
  );
}
