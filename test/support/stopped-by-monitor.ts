/**
 * Whether an instance was stopped because a monitor of its own had tripped: then it didn't wait for its dependents. Pure.
 *
 * Told by the order of the events and by what the configuration lets a monitor do, not by words.
 */
import type { ServiceConfig } from '../../src/config/types.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';

type Stopping = Extract<OrderlyEvent, { readonly type: 'service.stopping' }>;

/** The last thing told of it before was that it is unhealthy; `events` may be those of the whole run. */
export function stoppedByMonitor(
  { health, watchdog }: Pick<ServiceConfig, 'health' | 'watchdog'>,
  events: readonly OrderlyEvent[],
  { service, attempt, seq }: Stopping,
): boolean {
  const mayTrip = [health, watchdog].some((monitor) => monitor && monitor.onFailure !== 'report');
  if (!mayTrip) return false;
  const before = events.findLast(
    (event) =>
      event.seq < seq &&
      'attempt' in event &&
      event.service === service &&
      event.attempt === attempt &&
      event.type !== 'log' &&
      event.type !== 'service.note',
  );
  return before?.type === 'service.unhealthy';
}
