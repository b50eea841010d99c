/**
 * Does blocking work in slices, so that between them the loop hears signals and reads output.
 *
 * A spawn blocks for a millisecond or more (it copies page tables): five hundred in one turn would make us deaf for
 * most of a second.
 */

export interface TurnGate {
  /** Does the work in its turn: at once if the slice isn't used up, else in a later turn of the loop. */
  run<Result>(work: () => Result | Promise<Result>): Promise<Result>;
}

/** A slice ends with the first work that makes it longer than `sliceMs`. */
export function createTurnGate(sliceMs: number): TurnGate {
  const waiting: (() => void)[] = [];
  let sliceEndMs: number | undefined;

  const work = (): void => {
    sliceEndMs = performance.now() + sliceMs;
    do waiting.shift()?.();
    while (waiting.length > 0 && performance.now() < sliceEndMs);
    setImmediate(() => {
      sliceEndMs = undefined;
      if (waiting.length > 0) work();
    });
  };

  return {
    run(task) {
      return new Promise((resolve, reject) => {
        const attempt = (): void => {
          try {
            resolve(task());
          } catch (error) {
            reject(error);
          }
        };
        if (sliceEndMs === undefined) {
          waiting.push(attempt);
          work();
        } else if (waiting.length === 0 && performance.now() < sliceEndMs) attempt();
        else waiting.push(attempt);
      });
    },
  };
}
