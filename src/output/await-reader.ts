/**
 * Waits for a reader that was promised everything, at the end of a run that nobody is in a hurry about.
 */
import type { BoundedWriter } from './bounded-writer.ts';

export interface Patience {
  /** On the clock of `now`, in milliseconds. */
  readonly endMs: number;
  readonly now: () => number;
  /** Somebody wants the end now. */
  readonly hurried: () => boolean;
}

/** How soon the wish for the end is noticed. */
const LOOK_MS = 50;

/** Settles when everything is written, nobody reads any more, or patience is at its end. Never rejects. */
export async function awaitReader(writer: BoundedWriter, { endMs, now, hurried }: Patience): Promise<void> {
  while (writer.pendingBytes > 0 && !writer.closed && !hurried() && now() < endMs) {
    await writer.drained(Math.min(LOOK_MS, endMs - now()));
  }
}
