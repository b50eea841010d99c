/**
 * How often the program was told to stop. Pure.
 *
 * Signals that arrive within 300 ms of the one counted last are that one again: a terminal and npm both pass on
 * the same Ctrl-C.
 */
export const SAME_SIGNAL_MS = 300;

export interface Interrupts {
  /** 0: none yet; 1: asked; 2: insisting; 3: at once. */
  readonly level: 0 | 1 | 2 | 3;
  readonly countedAtMs: number;
}

export const noInterrupts: Interrupts = { level: 0, countedAtMs: Number.NEGATIVE_INFINITY };

/** The count after one more signal; the same object if it is a repetition or there is no further level. */
export function countInterrupt(before: Interrupts, atMs: number): Interrupts {
  if (atMs - before.countedAtMs < SAME_SIGNAL_MS || before.level === 3) return before;
  return { level: (before.level + 1) as 1 | 2 | 3, countedAtMs: atMs };
}
