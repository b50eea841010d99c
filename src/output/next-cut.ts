/**
 * Where a file that is rotated by size is cut: always between two lines. Pure.
 */

/** What the file is like now. */
export interface FileEnd {
  readonly size: number;
  /** It is empty, or the last thing in it is a line end. */
  readonly atLineStart: boolean;
}

export type Cut =
  /** Nothing of the piece fits any more: begin a new file, and ask again. */
  { readonly kind: 'rotate' } | { readonly kind: 'write'; readonly length: number };

const NEWLINE = 0x0a;

/**
 * What to do with the next bytes, which may begin and end anywhere in a line. A file is larger than `maxBytes` only by
 * the rest of one line: a line that is longer than that has a file of its own.
 */
export function nextCut(piece: Buffer, { size, atLineStart }: FileEnd, maxBytes: number): Cut {
  if (size + piece.length <= maxBytes) return { kind: 'write', length: piece.length };
  const room = maxBytes - size;
  const last = room > 0 ? piece.lastIndexOf(NEWLINE, room - 1) : -1;
  if (last !== -1) return { kind: 'write', length: last + 1 };
  if (atLineStart && size > 0) return { kind: 'rotate' };
  const first = piece.indexOf(NEWLINE);
  return { kind: 'write', length: first === -1 ? piece.length : first + 1 };
}
