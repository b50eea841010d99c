/**
 * What is wrong with a configuration, at a place of a file whose line can be shown.
 */

/** A position in a file, both counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text of that line, without its end. */
  readonly lineText: string;
  /** How many characters of it to mark. */
  readonly length: number;
}

/** Something wrong with a configuration that was read from a file, and where. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** A sentence without its full stop. */
  readonly message: string;
  /** Undefined: it is about no place of a file. */
  readonly place: Place | undefined;
  /** What to do about it, a sentence. */
  readonly hint: string | undefined;
  /** Further places that belong to it (the edges of a cycle), in order. */
  readonly trail: readonly { readonly place: Place | undefined; readonly message: string }[];
}

/** An error there. */
export function diagnosticAt(
  place: Place | undefined,
  message: string,
  hint: string | undefined,
): Diagnostic {
  return { severity: 'error', message, place, hint, trail: [] };
}

/** The place of `length` characters at `offset`; what goes beyond the line isn't marked. At least one is. */
export function placeAt(file: string, text: string, offset: number, length: number): Place {
  const start = Math.min(offset, text.length);
  const starts = lineStartsOf(text);
  const line = lineOf(starts, start);
  const lineStart = starts[line - 1]!;
  const nextLine = text.indexOf('\n', start);
  const lineEnd = nextLine === -1 ? text.length : nextLine;
  const lineText = text.slice(lineStart, text[lineEnd - 1] === '\r' ? lineEnd - 1 : lineEnd);
  const column = start - lineStart + 1;
  const marked = lineText.slice(column - 1, column - 1 + length).trimEnd().length;
  return { file, line, column, lineText, length: Math.max(1, marked) };
}

/** Of the text that was asked for last: there may be thousands of places in one. */
let last: { readonly text: string; readonly starts: readonly number[] } | undefined;

function lineStartsOf(text: string): readonly number[] {
  if (last?.text === text) return last.starts;
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  last = { text, starts };
  return starts;
}

/** The number of the line that this offset is in, from 1. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}
