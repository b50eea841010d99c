/**
 * How long a pending service has waited for each of its edges. Time in which a request keeps the dependency down doesn't
 * count: nobody fails because a person stopped something.
 */
import type { Edge } from '../../config/types.ts';
import type { ServiceNode } from './node.ts';

export class EdgeClock {
  readonly #node: ServiceNode;
  readonly #sinceMs: number;
  /** By the name of the dependency: how long it was kept down, and since when it is. */
  readonly #pausedMs = new Map<string, number>();
  readonly #pausedSinceMs = new Map<string, number>();

  /** For the edges of a service that is pending from `sinceMs` on. */
  constructor(node: ServiceNode, sinceMs: number) {
    this.#node = node;
    this.#sinceMs = sinceMs;
  }

  /** Takes notice of what is down now. Call it whenever that may have changed. */
  look(nowMs: number): void {
    for (const dependency of this.#node.dependencies) {
      const { name } = dependency;
      const sinceMs = this.#pausedSinceMs.get(name);
      const isDown = dependency.isDownByRequest;
      if (isDown && sinceMs === undefined) this.#pausedSinceMs.set(name, nowMs);
      if (isDown || sinceMs === undefined) continue;
      this.#pausedSinceMs.delete(name);
      this.#pausedMs.set(name, (this.#pausedMs.get(name) ?? 0) + nowMs - sinceMs);
    }
  }

  isPaused({ service }: Edge): boolean {
    return this.#pausedSinceMs.has(service);
  }

  waitedMs({ service }: Edge, nowMs: number): number {
    const untilMs = this.#pausedSinceMs.get(service) ?? nowMs;
    return untilMs - this.#sinceMs - (this.#pausedMs.get(service) ?? 0);
  }
}
