/**
 * Bounds how many services are starting at once (`--max-starting`), first come first served.
 *
 * A service that gets a slot gives it back when its instance is ready or has ended. One that is told to stop waits no longer.
 */
import type { ServiceNode } from './node.ts';

export class StartingSlots {
  readonly #line: ServiceNode[] = [];
  #free: number;

  constructor(bound: number | undefined) {
    this.#free = bound ?? Number.POSITIVE_INFINITY;
  }

  /** Waits for a slot; the function returned gives it back, once. Undefined: told to stop meanwhile. */
  async take(node: ServiceNode): Promise<(() => void) | undefined> {
    const mayGo = () => this.#free > 0 && this.#line[0] === node;
    this.#line.push(node);
    try {
      await node.pulse.until(() => node.stopReason !== undefined || mayGo());
      if (node.stopReason !== undefined) return undefined;
      this.#free -= 1;
    } finally {
      this.#line.splice(this.#line.indexOf(node), 1);
      this.#wakeNext();
    }
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.#free += 1;
      this.#wakeNext();
    };
  }

  #wakeNext(): void {
    if (this.#free > 0) this.#line[0]?.pulse.fire();
  }
}
