/**
 * Cuts what comes over a notify channel into lines. Memory is bounded: an endless line is dropped as a whole, since
 * half a message means something else.
 */

const NEWLINE = 0x0a;

export interface NotifyLines {
  push(chunk: Buffer): void;
}

/** A line without its newline goes to `onLine`, unless it is longer than `limitBytes`. The last one needs a newline. */
export function createNotifyLines(limitBytes: number, onLine: (line: string) => void): NotifyLines {
  let pieces: Buffer[] = [];
  let length = 0;

  const keep = (piece: Buffer): void => {
    length += piece.length;
    // The chunk belongs to its sender: what stays is copied.
    if (length <= limitBytes) pieces.push(Buffer.from(piece));
    else pieces = [];
  };

  return {
    push(chunk) {
      let from = 0;
      for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
        keep(chunk.subarray(from, to));
        if (length <= limitBytes) onLine(Buffer.concat(pieces).toString('utf8'));
        pieces = [];
        length = 0;
        from = to + 1;
      }
      if (from < chunk.length) keep(chunk.subarray(from));
    },
  };
}
