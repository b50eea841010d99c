/**
 * The moment in which everything has been started: each service is ready, or over, and will not be waited for.
 *
 * That it doesn't come is told when the run is over, not before: whoever leaves because of it must not leave clean-ups
 * behind.
 */
import type { OrderlyEvent } from '../events/event.ts';
import type { RunStatus } from '../events/status.ts';

export interface Readiness {
  /** Rejects if the run is over before. Nobody has to look. */
  readonly ready: Promise<void>;
  /** To be told of every event, with the status that it led to. */
  look(event: OrderlyEvent, status: RunStatus): void;
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
  const awaited = new Set<string>();
  return {
    ready,
    look(event, { services, shutdown, finished }) {
      if (event.type === 'run.started') for (const name of event.services) awaited.add(name);
      if (!('attempt' in event)) return;
      if (event.type === 'service.removed') awaited.delete(event.service);
      else if (UNSETTLED.has(services.get(event.service)?.state ?? '')) awaited.add(event.service);
      else awaited.delete(event.service);
      if (awaited.size === 0 && shutdown === undefined && finished === undefined) resolve();
    },
    end: (error) => reject(error),
  };
}

const UNSETTLED: ReadonlySet<string> = new Set(['pending', 'starting', 'backoff']);
