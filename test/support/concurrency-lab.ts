/**
 * The bench on which the laws of the kernel are tested: a virtual clock, a list of what happened,
 * and the check that nothing is left open afterwards. It never waits for real time.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CancelScope,
  isCancelled,
  openTasks,
  shield,
  sleep,
  sleepForever,
  VirtualClock,
  withClock,
} from '../../src/concurrency/index.ts';

/** Declares the test of one sentence; it runs in virtual time and must leave nothing open. */
export function law(sentence: string, proof: (lab: Lab) => Promise<void>): void {
  void test(sentence, async () => {
    const clock = new VirtualClock();
    await withClock(clock, () => proof(new Lab(clock)));
    assert.deepEqual(openTasks(), [], 'open work after the test');
    assert.equal(clock.pendingTimers, 0, 'timers after the test');
  });
}

/** What one test saw. */
export class Lab {
  readonly clock: VirtualClock;
  readonly events: string[] = [];

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  note(event: string): void {
    this.events.push(event);
  }

  /** Notes the event with the time in seconds, such as `out(5s)`. */
  noteTime(event: string): void {
    this.note(`${event}(${this.clock.now() / 1000}s)`);
  }

  /** Asserts that exactly these events happened in this order, those in braces in any. */
  saw(expected: string): void {
    const actual = [...this.events];
    const groups = expected.match(/\{[^}]*\}|[^\s{}]+/g) ?? [];
    const sorted: string[] = [];
    const wanted: string[] = [];
    for (const group of groups) {
      const names = group.startsWith('{') ? group.slice(1, -1).trim().split(/\s+/) : [group];
      wanted.push(...names.sort());
      sorted.push(...actual.splice(0, names.length).sort());
    }
    assert.deepEqual([...sorted, ...actual], wanted);
  }

  /** A task that sleeps until it is cancelled, says so, and cleans up shielded. */
  cleaner(name: string, cleanUpMs = 0, atEnd: () => void = () => undefined): () => Promise<void> {
    return async () => {
      try {
        await sleepForever();
      } catch (error) {
        assert.ok(isCancelled(error), `${name} was not cancelled: ${shape(error)}`);
        this.note(`${name}.cancelled`);
        await shield(() => sleep(cleanUpMs));
        this.note(`${name}.cleaned`);
        atEnd();
        throw error;
      }
    };
  }

  /** A task that notes its cancellation and nothing else. */
  cancellee(name: string): () => Promise<void> {
    return async () => {
      this.note(`${name}.start`);
      try {
        await sleepForever();
      } catch (error) {
        this.note(`${name}.cancelled`);
        throw error;
      }
    };
  }
}

/** The error a promise rejects with; fails if it resolves. */
export async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  assert.fail('it resolved');
}

/** Errors as text: group errors in brackets, cancellations as their name. */
export function shape(error: unknown): string {
  if (error instanceof AggregateError) return `[${error.errors.map(shape).join(',')}]`;
  if (isCancelled(error)) return 'Cancelled';
  return error instanceof Error ? error.message : String(error);
}

/**
 * Runs a block in a new scope, with a limit if given, and asserts that it came to its end: so that
 * no assertion is passed over by a cancellation that the scope absorbs.
 */
export async function whole(
  block: (scope: CancelScope) => Promise<unknown> | unknown,
  timeoutMs?: number,
): Promise<void> {
  const scope = new CancelScope({ timeoutMs });
  await scope.run(block);
  assert.equal(scope.cancelledCaught, false, 'the block was cut short');
}

/** Asserts that a promise rejects with a cancellation. */
export async function cancels(promise: Promise<unknown>): Promise<void> {
  assert.equal(shape(await thrownBy(promise)), 'Cancelled');
}

/** Sleeps, then throws an error with this message. */
export async function failAt(ms: number, message: string): Promise<never> {
  await sleep(ms);
  throw new Error(message);
}
