/**
 * An example's own modules inside a test: loaded where they lie, so that they use the same copy of
 * `orderlyd/concurrency` as a test that imports it by name, and run in virtual time.
 */
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { openTasks, VirtualClock, withClock } from 'orderlyd/concurrency';
import { examplePath } from './example-path.ts';

/** The exports of `examples/NAME/MODULE.mjs`, which the test knows the types of. */
export async function exampleModule(path: string) {
  return await import(pathToFileURL(examplePath(path)).href);
}

/** Runs `proof` on a virtual clock and asserts that it leaves nothing open. */
export async function inVirtualTime<T>(
  proof: (clock: VirtualClock) => Promise<T>,
  clock = new VirtualClock(),
): Promise<T> {
  const value = await withClock(clock, () => proof(clock));
  assert.deepEqual(openTasks(), [], 'open work after the run');
  assert.equal(clock.pendingTimers, 0, 'timers after the run');
  return value;
}
