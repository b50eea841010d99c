/**
 * A condition without its deadline: what each kind implements.
 *
 * Types and the two answers they all give. `deadline.ts` makes a whole probe of a part.
 */
import { now } from '../../concurrency/index.ts';
import type { StreamName } from '../../events/event.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { Values } from '../../events/values.ts';
import type { Notification } from '../../process/ports.ts';
import type { NotifyChannel, Reading } from './probe.ts';

export interface Part {
  /** Undefined: it needs none. */
  readonly channel?: NotifyChannel;
  /** Undefined or false: it looks at no output. */
  readonly wantsOutput?: boolean;
  output?(stream: StreamName, chunk: Buffer | undefined): void;
  notification?(notification: Notification): void;
  /** Passes on to what it is made of that it has until then. */
  extend?(untilMs: number): void;
  /** Waits, without a limit of its own, till it holds or never can. */
  hold(): Promise<Reading>;
  missing(): string;
}

const noValues: Values = Object.freeze({});

export function held(evidence: string, values: Values = noValues): Reading {
  return { kind: 'held', evidence, values };
}

export function failed(why: string): Reading {
  return { kind: 'failed', why };
}

/** Adds to the evidence how long it took, counted from `sinceMs` (when waiting began, with the
 * launch) on the clock of the kernel to this moment. */
export function withElapsed(reading: Reading, sinceMs: number): Reading {
  if (reading.kind === 'failed') return reading;
  return { ...reading, evidence: `${reading.evidence} after ${formatDuration(now() - sinceMs)}` };
}
