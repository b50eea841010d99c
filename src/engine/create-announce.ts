/**
 * Holds every fact against the table of allowed moves, has it stamped, and hands it on.
 *
 * The only place of the engine that emits events. A move that the table doesn't know is a bug and throws.
 */
import type { EventSink, Fact } from '../events/event.ts';
import type { Stamper } from '../events/stamper.ts';
import { isAllowedMove, type ServiceState, stateAfter } from '../events/state-table.ts';

export type Announce = (fact: Fact) => void;

export function createAnnounce(stamper: Stamper, onEvent: EventSink): Announce {
  const states = new Map<string, ServiceState>();

  function move(service: string, fact: Fact): void {
    const from = states.get(service) ?? 'pending';
    const to = stateAfter(fact) ?? from;
    if (to !== from && !isAllowedMove(from, to)) {
      throw new Error(`"${service}" can't go from ${from} to ${to} (${fact.type})`);
    }
    states.set(service, to);
  }

  return (fact) => {
    if ('service' in fact) move(fact.service, fact);
    onEvent(stamper.stamp(fact));
  };
}
