/**
 * How long services took to stop, to tell which was slow before one that had too little time for it.
 */
import type { SlowStop } from '../../events/failure.ts';
import type { ServiceNode } from '../service/node.ts';

export class StopTimes {
  readonly #begunMs = new Map<ServiceNode, number>();
  readonly #endedMs = new Map<ServiceNode, number>();
  readonly #goneMs = new Map<ServiceNode, number>();

  begin(node: ServiceNode, atMs: number): void {
    this.#begunMs.set(node, atMs);
  }

  /** When it was asked last. */
  begunMs(node: ServiceNode): number | undefined {
    return this.#begunMs.get(node);
  }

  end(node: ServiceNode, atMs: number): void {
    this.#endedMs.set(node, atMs);
  }

  /** It has ended, and so has all that depends on it. */
  gone(node: ServiceNode, atMs: number): void {
    this.#goneMs.set(node, atMs);
  }

  /** What took longest of those that it waited for, one after the other, since then; undefined: it waited for nobody. */
  slowestBefore(node: ServiceNode, sinceMs: number): SlowStop | undefined {
    let slowest: SlowStop | undefined;
    for (let last = this.#lastBefore(node); last !== undefined; last = this.#lastBefore(last)) {
      const fromMs = Math.max(sinceMs, this.#begunMs.get(last) ?? Number.POSITIVE_INFINITY);
      const took_ms = Math.round((this.#endedMs.get(last) ?? 0) - fromMs);
      if (took_ms > (slowest?.took_ms ?? 0)) slowest = { service: last.name, took_ms };
    }
    return slowest;
  }

  /** Of what depends on it, the one that was gone last. */
  #lastBefore({ dependents }: ServiceNode): ServiceNode | undefined {
    let last: ServiceNode | undefined;
    for (const dependent of dependents) {
      const atMs = this.#goneMs.get(dependent);
      if (atMs !== undefined && atMs >= (last === undefined ? 0 : this.#goneMs.get(last)!)) last = dependent;
    }
    return last;
  }
}
