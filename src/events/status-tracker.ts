/**
 * The status of a run, kept up to date event by event: `foldStatus` for what needs only the latest one.
 *
 * It changes one map in place: with hundreds of services, a copy for each event would cost more than the event.
 */
import type { OrderlyEvent } from './event.ts';
import { EMPTY_STATUS, foldService, foldStatus, type RunStatus, type ServiceStatus } from './status.ts';

export class StatusTracker {
  #services = new Map<string, ServiceStatus>();
  #status: RunStatus = { ...EMPTY_STATUS, services: this.#services };

  /** As of the last event applied; look, don't keep. */
  get status(): RunStatus {
    return this.#status;
  }

  apply(event: OrderlyEvent): void {
    if (event.type === 'output.dropped') return;
    if (!('service' in event) || event.type === 'service.removed') {
      const next = foldStatus(this.#status, event);
      if (RARE.has(event.type)) this.#services = new Map(next.services);
      this.#status = { ...next, services: this.#services };
      return;
    }
    const after = foldService(this.#services.get(event.service), event);
    if (after !== undefined) this.#services.set(event.service, after);
  }
}

/** After these the services are others. */
const RARE: ReadonlySet<OrderlyEvent['type']> = new Set(['run.started', 'graph.changed', 'service.removed']);
