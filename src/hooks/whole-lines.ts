/**
 * Hands on whole lines only, so that what several write in the same place is not mixed within one.
 */
const NEWLINE = 0x0a;
const LINE_END = Buffer.from('\n');
/** A longer line is handed on in parts. */
const MOST_BYTES = 64 * 1024;

export interface WholeLines {
  /** The chunk is the caller's again after the call. */
  add(chunk: Buffer): void;
  /** Hands on the last line, which needs no line end. */
  end(): void;
}

/** What `write` gets is valid during the call only. */
export function wholeLines(write: (lines: Buffer) => void): WholeLines {
  let rest: Buffer | undefined;
  return {
    add(chunk) {
      const all = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
      const end = all.lastIndexOf(NEWLINE) + 1;
      const cut = all.length - end > MOST_BYTES ? all.length : end;
      rest = cut === all.length ? undefined : Buffer.from(all.subarray(cut));
      if (cut > 0) write(all.subarray(0, cut));
    },
    end() {
      if (rest !== undefined) write(Buffer.concat([rest, LINE_END]));
      rest = undefined;
    },
  };
}
