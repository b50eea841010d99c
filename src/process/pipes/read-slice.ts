/**
 * How long may be read in one turn of the loop, by all readers together.
 *
 * libuv reads up to 32 times from one descriptor before it looks at anything else, and what is made of a chunk may take
 * milliseconds: a service that floods would make us deaf to signals. Whoever has read when the slice is over goes on in
 * the next turn.
 */

const SLICE_MS = 10;

let sinceMs: number | undefined;

/** Call it before what was read is made use of. */
export function beginSlice(): void {
  if (sinceMs !== undefined) return;
  sinceMs = performance.now();
  setImmediate(() => {
    sinceMs = undefined;
  });
}

export function isSliceOver(): boolean {
  return sinceMs !== undefined && performance.now() - sinceMs > SLICE_MS;
}
