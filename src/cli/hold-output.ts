/**
 * When services are held back: the holds of a run, one for what is printed and one for each log file, and their end with
 * the beginning of the shutdown.
 */
import type { OrderlyEvent } from '../events/event.ts';
import { createHold, DISK_HOLD_MS, type Hold, READER_HOLD_MS } from '../output/hold.ts';
import type { Ticker } from '../output/ticker.ts';
import type { System } from './world.ts';

export interface OutputHolds {
  /** For the queue of what is printed, which concerns all services. */
  forPrinting(pendingBytes: () => number): Hold;
  /** For the queue of a service's log file. */
  forFile(service: string): Hold;
  /** From now on holds take effect. */
  use(system: Pick<System, 'holdOutput'>): void;
  readonly onEvent: (event: OrderlyEvent) => void;
}

/** `patient`: services wait as long as it takes, and not just for a moment. */
export function createOutputHolds(patient: boolean, ticker: Ticker): OutputHolds {
  const holds: Hold[] = [];
  let holdOutput: System['holdOutput'] = () => {};

  function add(shortMs: number, service?: string, pendingBytes?: () => number): Hold {
    const forMs = patient ? Number.POSITIVE_INFINITY : shortMs;
    const hold = createHold({ forMs, pendingBytes, apply: (held) => holdOutput(held, service), ticker });
    holds.push(hold);
    return hold;
  }

  return {
    forPrinting: (pendingBytes) => add(READER_HOLD_MS, undefined, pendingBytes),
    forFile: (service) => add(DISK_HOLD_MS, service),
    use(system) {
      holdOutput = system.holdOutput;
    },
    onEvent(event) {
      if (event.type === 'shutdown.requested') for (const hold of holds) hold.release();
    },
  };
}
