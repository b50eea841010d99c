/**
 * The contract of every place that lines are written to: writing never waits and memory never grows without bound.
 *
 * Whoever opened a writer owns it and ends it with `flush`. What a writer can't take is dropped in whole
 * lines and counted; a reader that is gone is reported once, and what comes after is dropped without a word.
 */

export interface BoundedWriter {
  /**
   * Takes whole lines, all or nothing; the chunk is the caller's again after the call.
   * False: it was not taken, because the queue is full or the reader is gone.
   */
  write(chunk: Buffer): boolean;
  /** Bytes taken and not yet written. */
  readonly pendingBytes: number;
  /** More than half of the queue is in use: a good moment to stop reading what would be written here. */
  readonly full: boolean;
  /** Nobody reads any more, or `flush` gave up. */
  readonly closed: boolean;
  /** Settles when everything is written or the limit has passed; nothing is given up by it. Never rejects. */
  drained(timeoutMs: number): Promise<void>;
  /**
   * For the end of the program: settles when everything is written or the limit has passed. Then what is left is
   * dropped, counted, and the writer is closed. Never rejects.
   */
  flush(timeoutMs: number): Promise<void>;
  /** Lets go of what it writes to; what is left is dropped and counted. Harmless when repeated. */
  close(): void;
}

/** What a writer tells its owner; always from a turn of the loop or from within `write`. */
export interface WriterHooks {
  /**
   * So many lines were dropped; told once for each gap, when there is room again. `why` is in the system's words;
   * undefined: the reader is too slow.
   */
  onDropped(lines: number, why?: string): void;
  /** The reader is gone (EPIPE, EIO); told once. */
  onClosed(): void;
  /** Writing fails for another reason, in the system's words; told once. It must not end what is written about. */
  onTrouble(why: string): void;
  /** `full` has changed. */
  onFull?(full: boolean): void;
  /**
   * True: what writes here is held back now. Only what can't be held needs room then, and four times as much is
   * taken before anything is dropped.
   */
  holds?(): boolean;
}

/** A pipe or a terminal holds back at most this much for a slow reader. */
export const QUEUE_CAP_BYTES = 8 * 1024 * 1024;

const NEWLINE = 0x0a;

/** How many lines end in these bytes. */
export function countLines(chunk: Uint8Array): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
