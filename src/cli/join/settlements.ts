/**
 * Which requests have come to their end, as the events of a run tell that are shown: what came before is shown by then.
 */
import type { OrderlyEvent } from '../../events/event.ts';

export class Settlements {
  readonly #settled = new Set<string>();
  #wake = (): void => undefined;

  onEvent(event: OrderlyEvent): void {
    if (event.type !== 'request.settled') return;
    this.#settled.add(event.request);
    this.#wake();
  }

  async untilSettled(request: string): Promise<void> {
    while (!this.#settled.has(request)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
