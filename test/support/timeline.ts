/**
 * A value that changes at given times on the ambient clock: how tests script the outside world.
 */
import { now } from '../../src/concurrency/index.ts';

export interface Timeline<T> {
  /** The value from `fromMs` on; by default from now on. */
  set(value: T, fromMs?: number): void;
  /** The value at this moment. Of equal times the later call counts. */
  current(): T;
}

export function createTimeline<T>(initial: T): Timeline<T> {
  const changes: { readonly fromMs: number; readonly value: T }[] = [];
  return {
    set(value, fromMs = now()) {
      const after = changes.findIndex((change) => change.fromMs > fromMs);
      changes.splice(after === -1 ? changes.length : after, 0, { fromMs, value });
    },
    current: () => changes.findLast((change) => change.fromMs <= now())?.value ?? initial,
  };
}
