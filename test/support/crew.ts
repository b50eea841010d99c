/**
 * Jobs of random length, some of which fail, clean up slowly when they are cancelled, or fail in that: and what became
 * of each, as seen from inside.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isCancelled, now, openTasks, shield, sleep } from '../../src/concurrency/index.ts';

export interface JobSpec {
  readonly ms: number;
  readonly fails: boolean;
  readonly cleanUpMs: number;
  readonly cleanUpFails: boolean;
}

const rarely = fc.nat(4).map((n) => n === 0);

export const jobSpecs: fc.Arbitrary<readonly JobSpec[]> = fc.array(
  fc.record({ ms: fc.nat(5), fails: rarely, cleanUpMs: fc.nat(3), cleanUpFails: rarely }),
  { maxLength: 7 },
);

/** How one job ended by itself. */
export interface End {
  readonly index: number;
  readonly error: Error | undefined;
  readonly atMs: number;
}

export class Crew {
  readonly begun: number[] = [];
  /** The ends that no cancellation brought about, in order. */
  readonly ends: End[] = [];
  /** All that was thrown but cancellations, in order. */
  readonly thrown: Error[] = [];
  running = 0;
  mostRunning = 0;
  /** Jobs that began after one had failed. */
  begunTooLate = 0;

  /** Does one job; it gives its index. */
  async work({ ms, fails, cleanUpMs, cleanUpFails }: JobSpec, index: number): Promise<number> {
    this.begun.push(index);
    if (this.thrown.length > 0) this.begunTooLate += 1;
    this.running += 1;
    this.mostRunning = Math.max(this.mostRunning, this.running);
    try {
      await sleep(ms);
      const error = fails ? this.#error(index) : undefined;
      this.ends.push({ index, error, atMs: now() });
      if (error !== undefined) throw error;
      return index;
    } catch (error) {
      if (!isCancelled(error)) throw error;
      await shield(() => sleep(cleanUpMs));
      throw cleanUpFails ? this.#error(index) : error;
    } finally {
      this.running -= 1;
    }
  }

  /** The indexes of those that ended with a value, in the order of their ends. */
  get completed(): readonly number[] {
    return this.ends.filter(({ error }) => error === undefined).map(({ index }) => index);
  }

  /** Asserts that nothing runs on, and that `error` holds all that was thrown, each once, and no cancellation. */
  assertAllIn(error: unknown): void {
    this.assertNothingRuns();
    assert.deepEqual(leaves(error), this.thrown);
  }

  assertNothingRuns(): void {
    assert.equal(this.running, 0);
    assert.deepEqual(openTasks(), []);
  }

  /** Asserts that at `ms` whatever still ran was cancelled. */
  assertCutAt(ms: number): void {
    assert.ok(
      this.ends.every(({ atMs }) => atMs <= ms),
      'a job that was to be cancelled went on to its end',
    );
  }

  #error(index: number): Error {
    const error = new Error(`job ${index} failed`);
    this.thrown.push(error);
    return error;
  }
}

/** The errors in a group error, in order, however nested; none for undefined. */
export function leaves(error: unknown): unknown[] {
  if (error === undefined) return [];
  return error instanceof AggregateError ? error.errors.flatMap(leaves) : [error];
}

/** How a promise settles, as a value. */
export async function settled<T>(
  promise: Promise<T>,
): Promise<{ readonly value: T | undefined; readonly error: unknown }> {
  try {
    return { value: await promise, error: undefined };
  } catch (error) {
    return { value: undefined, error };
  }
}
