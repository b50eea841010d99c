/**
 * Bounds how many services are starting at once (`--max-starting`). Without a bound it costs nothing.
 *
 * Whoever gets a slot gives it back when its instance is ready or has ended.
 */
import { Pulse } from './pulse.ts';

export class StartingSlots {
  readonly #pulse = new Pulse();
  #free: number;

  constructor(bound: number | undefined) {
    this.#free = bound ?? Number.POSITIVE_INFINITY;
  }

  /** Waits for a slot; the function returned gives it back, once. */
  async take(): Promise<() => void> {
    await this.#pulse.until(() => this.#free > 0);
    this.#free -= 1;
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.#free += 1;
      this.#pulse.fire();
    };
  }
}
