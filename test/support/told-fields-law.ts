/**
 * What a record tells beside what happened agrees with what happened: for which wish and by which graph an instance ran, why it was
 * asked to stop and how long it is given, and of what everything is defined.
 */
import assert from 'node:assert/strict';
import type { ServiceConfig } from '../../src/config/types.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import type { ToldDefinition } from '../../src/events/fact-shape.ts';

/** Which services there were, from the event with that number on. */
type Graphs = readonly { readonly seq: number; readonly services: readonly ServiceConfig[] }[];

/** Throws with the event that lies. `lostMs`: so long it may have been kept from running between a moment and what is told of it. */
export function assertToldFields(events: readonly OrderlyEvent[], graphs: Graphs, lostMs: number): void {
  const told = new Told(graphs, lostMs);
  for (const event of events) {
    try {
      told.take(event);
    } catch (error) {
      throw new Error(`${JSON.stringify(event)}: ${(error as Error).message}`, { cause: error });
    }
  }
}

class Told {
  readonly #graphs: Graphs;
  readonly #lostMs: number;
  readonly #requests = new Set<string>();
  /** By service: of each wish whether it is to run. */
  readonly #wishes = new Map<string, Map<number, 'up' | 'down'>>();
  #generation = 1;
  #isGoingDown = false;

  constructor(graphs: Graphs, lostMs: number) {
    this.#graphs = graphs;
    this.#lostMs = lostMs;
  }

  take(event: OrderlyEvent): void {
    switch (event.type) {
      case 'run.started':
        assert.equal(event.generation, 1);
        this.#define(event.seq, event.services, event.definitions);
        break;
      case 'graph.changed':
        assert.ok(event.generation > this.#generation);
        this.#generation = event.generation;
        this.#define(
          event.seq,
          [...event.added, ...event.changed.map(({ service }) => service)],
          event.definitions,
        );
        break;
      case 'request.accepted':
        this.#requests.add(event.request);
        break;
      case 'service.wanted':
        this.#wishesOf(event.service).set(event.wish, event.want);
        break;
      case 'shutdown.requested':
        this.#isGoingDown = true;
        break;
      case 'service.starting':
        assert.equal(event.generation, this.#generation);
        assert.equal(this.#wishesOf(event.service).get(event.wish ?? 0), 'up');
        break;
      case 'service.stopping':
        this.#stopping(event);
        break;
      case 'service.stopped':
      case 'service.completed':
      case 'service.failed':
      case 'service.skipped':
        assert.ok(this.#wishesOf(event.service).has(event.wish ?? 0));
    }
  }

  #stopping({
    service,
    cause,
    ms,
    deadline_ms,
    grace_ms,
  }: OrderlyEvent & { type: 'service.stopping' }): void {
    assert.ok(cause !== undefined && grace_ms !== undefined);
    const toldLateMs = grace_ms - Math.max(0, deadline_ms - ms);
    assert.ok(toldLateMs >= -1 && toldLateMs <= 1 + this.#lostMs, `told ${toldLateMs} ms late`);
    if (cause.kind === 'shutdown') assert.ok(this.#isGoingDown);
    if (NEEDS_REQUEST.has(cause.kind)) assert.ok(this.#requests.has(cause.request ?? ''));
    if (cause.kind === 'loss' || cause.kind === 'isolate')
      assert.ok(cause.service !== undefined && cause.service !== service);
  }

  #define(
    seq: number,
    names: readonly string[],
    definitions: Readonly<Record<string, ToldDefinition>> | undefined,
  ): void {
    assert.deepEqual(Object.keys(definitions ?? {}).toSorted(), [...new Set(names)].toSorted());
    const { services } = this.#graphs.findLast((one) => one.seq <= seq)!;
    for (const name of names) {
      const spec = services.find((one) => one.name === name)!;
      const { type, on_failure, grace_ms, cleanup_ms, restart, within_ms } = definitions![name]!;
      assert.deepEqual(
        [type, on_failure, grace_ms, cleanup_ms.length, restart.policy, restart.max, within_ms],
        [
          ...[spec.type, spec.onFailure, spec.stop.graceMs, spec.cleanup.length],
          ...[spec.restart.policy, spec.restart.max, spec.ready?.withinMs],
        ],
      );
    }
  }

  #wishesOf(service: string): Map<number, 'up' | 'down'> {
    const known = this.#wishes.get(service) ?? new Map([[1, 'up' as const]]);
    this.#wishes.set(service, known);
    return known;
  }
}

const NEEDS_REQUEST: ReadonlySet<string> = new Set([
  'request',
  'restart',
  'lease',
  'reload',
  'rollback',
  'scale',
]);
