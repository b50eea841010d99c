/**
 * Long work in slices: in between the loop goes on, so that nothing waits for the whole of it.
 */
import { setImmediate } from 'node:timers/promises';

/** How long the loop may be blocked. */
const SLICE_MS = 8;

/** Call it after each step: it waits for a turn of the loop when this one has taken its time. */
export function createSlices(): () => Promise<void> {
  let endMs = performance.now() + SLICE_MS;
  return async () => {
    if (performance.now() < endMs) return;
    await setImmediate();
    endMs = performance.now() + SLICE_MS;
  };
}
