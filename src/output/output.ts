/**
 * An output: one way of showing a run, or several joined into one.
 *
 * It takes every event and every byte that services write, and says when all of it is out. A joined one can't fail:
 * a part that throws is switched off and told of once, and the others go on. All parts see all events in one order.
 */
import type { EventSink, Fact, LogSink, OrderlyEvent } from '../events/event.ts';

export interface Output {
  readonly onEvent: EventSink;
  readonly onLog: LogSink;
  /**
   * Settles when everything is written, or given up after a limit, `FLUSH_LIMIT_MS` by default. Call once, after the last event.
   * Never rejects.
   */
  finish(withinMs?: number): Promise<void>;
}

/** How long a slow reader may take for what is left at the end of the program. */
export const FLUSH_LIMIT_MS = 1_000;

/** Feeds them all, in this order. `report` gets a sentence for each one that failed. */
export function joinOutputs(outputs: readonly Output[], report: (sentence: string) => void): Output {
  let working = [...outputs];

  function each(action: (output: Output) => void): void {
    for (const output of working) {
      try {
        action(output);
      } catch (error) {
        working = working.filter((other) => other !== output);
        report(
          `An output failed and is switched off: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }

  return {
    onEvent: (event) => each((output) => output.onEvent(event)),
    onLog: (service, attempt, stream, chunk, command) =>
      each((output) => output.onLog(service, attempt, stream, chunk, command)),
    async finish(withinMs) {
      await Promise.allSettled(outputs.map((output) => output.finish(withinMs)));
    },
  };
}

/**
 * One row for the run's events and for what the outputs have to tell themselves: a fact that comes up while an event is
 * handed on follows it, so that every output sees the same order.
 */
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
