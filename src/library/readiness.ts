/**
 * The moment in which everything has been started: each service is ready, or over, and will not be waited for.
 *
 * That it doesn't come is told when the run is over, not before: whoever leaves because of it must not leave clean-ups
 * behind.
 */
import type { RunStatus } from '../events/status.ts';

export interface Readiness {
  /** Rejects if the run is over before. Nobody has to look. */
  readonly ready: Promise<void>;
  /** To be told of every change. */
  look(status: RunStatus): void;
  /** The run is over, or never was: why it was not ready, unless it was. */
  end(error: unknown): void;
}

export function createReadiness(): Readiness {
  let resolve: () => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const ready = new Promise<void>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  ready.catch(() => undefined);
  return {
    ready,
    look(status) {
      if (status.shutdown !== undefined || status.finished !== undefined) return;
      if ([...status.services.values()].every(({ state }) => !waiting.has(state))) resolve();
    },
    end: (error) => reject(error),
  };
}

const waiting: ReadonlySet<string> = new Set(['pending', 'starting', 'backoff']);
