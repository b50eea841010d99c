/**
 * When services are held back: the holds of a run, one for what is printed and one for each log file, and their end with
 * the beginning of the shutdown.
 */
import type { OrderlyEvent } from '../events/event.ts';
import { createHold, DISK_HOLD_MS, type Hold, READER_HOLD_MS } from '../output/hold.ts';
import type { Ticker } from '../output/ticker.ts';
import type { System } from './world.ts';

export interface OutputHolds {
  /** A hold for the queue of a service's file, or for the one of what is printed, which concerns all. */
  add(service?: string): Hold;
  /** From now on holds take effect. */
  use(system: Pick<System, 'holdOutput'>): void;
  readonly onEvent: (event: OrderlyEvent) => void;
}

/** `patient`: services wait as long as it takes, and not just for a moment. */
export function createOutputHolds(patient: boolean, ticker: Ticker): OutputHolds {
  const holds: Hold[] = [];
  let holdOutput: System['holdOutput'] = () => {};
  return {
    add(service) {
      const hold = createHold({
        forMs: patient ? Number.POSITIVE_INFINITY : service === undefined ? READER_HOLD_MS : DISK_HOLD_MS,
        apply: (held) => holdOutput(held, service),
        ticker,
      });
      holds.push(hold);
      return hold;
    },
    use(system) {
      holdOutput = system.holdOutput;
    },
    onEvent(event) {
      if (event.type === 'shutdown.requested') for (const hold of holds) hold.release();
    },
  };
}
