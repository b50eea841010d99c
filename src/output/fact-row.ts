/**
 * One row for the run's events and for what the outputs have to tell themselves: a fact that comes up while an event is
 * handed on follows it, so that every output sees the same order.
 */
import type { EventSink, Fact, OrderlyEvent } from '../events/event.ts';

export interface FactRow {
  readonly onEvent: EventSink;
  /** Stamps and hands on a fact of the outputs, in its turn. */
  readonly emit: (fact: Fact) => void;
}

export function createFactRow(stamp: (fact: Fact) => OrderlyEvent, handOn: EventSink): FactRow {
  const waiting: Fact[] = [];
  let isBusy = false;

  function handOnAll(first: OrderlyEvent): void {
    isBusy = true;
    try {
      handOn(first);
      for (let fact = waiting.shift(); fact !== undefined; fact = waiting.shift()) handOn(stamp(fact));
    } finally {
      isBusy = false;
    }
  }

  return {
    onEvent: handOnAll,
    emit(fact) {
      if (isBusy) waiting.push(fact);
      else handOnAll(stamp(fact));
    },
  };
}
