/**
 * Does blocking work in slices, so that between them the loop hears signals and reads output.
 *
 * A spawn blocks for a millisecond or more (it copies page tables): five hundred in one turn would make us deaf for
 * most of a second. What waits to be spawned goes first: results are handed out when the line is empty, or after
 * `holdMs`, so that what follows each spawn doesn't delay the next.
 */

export interface TurnGate {
  /** Does the work in its turn, which is a later one of the loop if the slice is used up. */
  run<Result>(work: () => Result | Promise<Result>): Promise<Result>;
}

/** A slice ends with the first work that makes it longer than `sliceMs`. */
export function createTurnGate(sliceMs: number, holdMs: number): TurnGate {
  const waiting: (() => () => void)[] = [];
  let held: (() => void)[] = [];
  let heldSinceMs = 0;
  let isBusy = false;

  const handOut = (): void => {
    const results = held;
    held = [];
    for (const settle of results) settle();
  };

  const slice = (): void => {
    const startMs = performance.now();
    if (held.length === 0) heldSinceMs = startMs;
    do {
      const next = waiting.shift();
      if (next !== undefined) held.push(next());
    } while (waiting.length > 0 && performance.now() - startMs < sliceMs);
    if (waiting.length === 0 || performance.now() - heldSinceMs >= holdMs) handOut();
    setImmediate(() => {
      isBusy = false;
      if (waiting.length > 0) begin();
    });
  };

  const begin = (): void => {
    if (isBusy) return;
    isBusy = true;
    slice();
  };

  return {
    run<Result>(work: () => Result | Promise<Result>) {
      return new Promise<Result>((resolve, reject) => {
        waiting.push(() => {
          try {
            const result = work();
            return () => resolve(result);
          } catch (error) {
            return () => reject(error);
          }
        });
        // Who asks in the same turn shares the slice.
        if (!isBusy) queueMicrotask(begin);
      });
    },
  };
}
