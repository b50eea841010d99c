/**
 * How far a request is, as the events tell: for whoever waits for it, should the run die in the middle.
 */
import type { AcceptedAnswer } from '../../control/protocol.ts';
import type { OrderlyEvent } from '../../events/event.ts';
import { type ServiceState, stateAfter } from '../../events/state-table.ts';
import type { FoundRun } from '../../process/guard/find-run.ts';
import type { ClientWorld } from './client-world.ts';

/** What is still on its way of a run that has died has come by then. */
const LAST_WORDS_MS = 1_000;

export class Progress {
  readonly #states: Map<string, ServiceState | undefined>;
  readonly #heard: Promise<void>;
  readonly #world: ClientWorld;

  /** Listens from now on. */
  constructor(world: ClientWorld, run: FoundRun, { seq, plan }: AcceptedAnswer) {
    this.#world = world;
    this.#states = new Map(plan.map(({ service }) => [service, undefined]));
    const path = `/v1/events?since=${seq}&follow`;
    this.#heard = this.#listen(world.follow(run, { method: 'GET', path }));
  }

  /** Where the services are that the request is about; undefined: it has not moved. */
  get states(): ReadonlyMap<string, ServiceState | undefined> {
    return this.#states;
  }

  /** Once nothing more can come: a clause for each service that the request is about. Never rejects. */
  async toldAtTheEnd(): Promise<readonly string[]> {
    await Promise.race([this.#heard, this.#world.after(LAST_WORDS_MS)]);
    return progressClauses(this.#states);
  }

  async #listen(lines: AsyncGenerator<string>): Promise<void> {
    try {
      for await (const line of lines) this.#take(JSON.parse(line) as OrderlyEvent);
    } catch {
      // It broke off: there is no more to know.
    }
  }

  #take(event: OrderlyEvent): void {
    const state = stateAfter(event);
    if (state === undefined || !('service' in event) || event.service === undefined) return;
    if (this.#states.has(event.service)) this.#states.set(event.service, state);
  }
}

/** Undefined: it had not moved. Pure. */
export function progressClauses(states: ReadonlyMap<string, ServiceState | undefined>): readonly string[] {
  return [...states].map(([service, state]) =>
    state === undefined ? `${service} had not been touched` : `${service} was ${CLAUSES[state]}`,
  );
}

const CLAUSES: Readonly<Record<ServiceState, string>> = {
  pending: 'pending',
  starting: 'starting',
  ready: 'ready',
  stopping: 'stopping',
  cleaning: 'being cleaned up after',
  backoff: 'about to start again',
  stopped: 'stopped',
  completed: 'completed',
  failed: 'failed',
  skipped: 'skipped',
};
