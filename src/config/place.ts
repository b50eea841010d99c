/**
 * From an offset in a text to a line that can be shown.
 */
import type { Place } from './problem.ts';

/** The place of `length` characters at `offset`; what goes beyond the line isn't marked. At least one is. */
export function placeAt(file: string, text: string, offset: number, length: number): Place {
  const start = Math.min(offset, text.length);
  const lineStart = start === 0 ? 0 : text.lastIndexOf('\n', start - 1) + 1;
  const nextLine = text.indexOf('\n', start);
  const lineText = text.slice(lineStart, nextLine === -1 ? text.length : nextLine).replace(/\r$/, '');
  const column = start - lineStart + 1;
  let line = 1;
  for (let end = text.indexOf('\n'); end !== -1 && end < lineStart; end = text.indexOf('\n', end + 1))
    line += 1;
  const marked = lineText.slice(column - 1, column - 1 + length).trimEnd().length;
  return { file, line, column, lineText, length: Math.max(1, marked) };
}
