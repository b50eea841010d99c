/**
 * Numbers and stamps every fact, holds it against the table of allowed moves, and hands it on.
 *
 * The only place that emits events. A move the table doesn't know is a bug and throws.
 */
import type { Clock } from '../concurrency/index.ts';
import type { EventSink, Fact, OrderlyEvent } from '../events/event.ts';
import { isAllowedMove, type ServiceState, stateAfter } from '../events/status.ts';

export interface AnnouncerPorts {
  readonly clock: Clock;
  readonly wallTime: () => string;
  readonly onEvent: EventSink;
}

export class Announcer {
  readonly #ports: AnnouncerPorts;
  readonly #startMs: number;
  readonly #states = new Map<string, ServiceState>();
  #seq = 0;

  constructor(ports: AnnouncerPorts) {
    this.#ports = ports;
    this.#startMs = ports.clock.now();
  }

  /** Milliseconds since the start of the run: the scale of every `ms` in events. */
  sinceStart(atMs: number): number {
    return atMs - this.#startMs;
  }

  announce(fact: Fact): void {
    if ('service' in fact) this.#move(fact.service, fact);
    this.#ports.onEvent(this.stamp(fact));
  }

  /** Numbers a fact without handing it on, for whoever makes log lines into events. */
  stamp(fact: Fact): OrderlyEvent {
    this.#seq += 1;
    const ms = Math.round(this.sinceStart(this.#ports.clock.now()) * 1000) / 1000;
    return { seq: this.#seq, time: this.#ports.wallTime(), ms, ...fact };
  }

  #move(service: string, fact: Fact): void {
    const from = this.#states.get(service) ?? 'pending';
    const to = stateAfter(fact) ?? from;
    if (to !== from && !isAllowedMove(from, to)) {
      throw new Error(`"${service}" can't go from ${from} to ${to} (${fact.type})`);
    }
    this.#states.set(service, to);
  }
}
