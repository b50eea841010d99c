/**
 * Moves a service to the state that a fact tells, against the table of allowed moves, has the fact stamped, and hands it on.
 *
 * The only place of the engine that emits events. A move that the table doesn't know is a bug and throws.
 */
import type { EventSink, Fact } from '../../events/event.ts';
import type { Stamper } from '../../events/stamper.ts';
import { isAllowedMove, type ServiceState, stateAfter } from '../../events/state-table.ts';

export type Announce = (fact: Fact) => void;

/** What has a state that facts tell. */
export interface Moved {
  state: ServiceState;
}

export function createAnnounce(
  stamper: Stamper,
  nodeOf: (service: string) => Moved | undefined,
  onEvent: EventSink,
): Announce {
  function move(service: string, fact: Fact): void {
    const node = nodeOf(service);
    const to = stateAfter(fact);
    if (node === undefined || to === undefined || to === node.state) return;
    if (!isAllowedMove(node.state, to)) {
      throw new Error(`"${service}" can't go from ${node.state} to ${to} (${fact.type})`);
    }
    node.state = to;
  }

  return (fact) => {
    if ('service' in fact && fact.service !== undefined) move(fact.service, fact);
    onEvent(stamper.stamp(fact));
  };
}
