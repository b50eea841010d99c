/**
 * How many notes of its own an instance may have announced: ten a minute. Pure.
 */
const MOST_NOTES = 10;
const WINDOW_MS = 60_000;

export interface NoteCount {
  /** When the minute that is counted began. */
  readonly sinceMs: number;
  readonly notes: number;
}

export const noNotes: NoteCount = { sinceMs: Number.NEGATIVE_INFINITY, notes: 0 };

export interface CountedNote {
  /** `last`: it is told, the next are not. */
  readonly kind: 'told' | 'last' | 'dropped';
  readonly count: NoteCount;
}

export function countNote({ sinceMs, notes }: NoteCount, nowMs: number): CountedNote {
  const isNew = nowMs - sinceMs >= WINDOW_MS;
  const count = { sinceMs: isNew ? nowMs : sinceMs, notes: isNew ? 1 : notes + 1 };
  const kind = count.notes < MOST_NOTES ? 'told' : count.notes === MOST_NOTES ? 'last' : 'dropped';
  return { kind, count };
}
