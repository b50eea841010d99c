/**
 * Full collections on demand, so that tests can prove what is and isn't held. What a turn has touched through a `WeakRef`
 * is kept until its end: begin a new one before.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Collects everything that nothing holds, after all that is ready has run. */
export async function collectGarbage(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  collect();
}

/** The bytes on the heap that something holds. */
export async function heldBytes(): Promise<number> {
  await collectGarbage();
  await collectGarbage();
  return process.memoryUsage().heapUsed;
}
