/**
 * Where parts of a script end that shells cut out before they read them: backquotes, here-documents. Pure.
 */
import type { HereDocument } from './shell-frames.ts';

/** The next backquote that no backslash stands before; `limit` if there is none. */
export function backquoteEnd(text: string, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    if (text[at] === '`') return at;
    if (text[at] === '\\') at += 1;
  }
  return limit;
}

const DELIMITER = /<<(?:<|(-?)[ \t]*((?:\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|[^\s;&|<>()'"\\])*))/y;

/** What `<<` at this place begins, and where its delimiter ends; nothing for `<<<`. */
export function hereDocumentAt(
  text: string,
  at: number,
): { readonly here?: HereDocument; readonly end: number } {
  DELIMITER.lastIndex = at;
  const [whole = '<<', dash, word] = DELIMITER.exec(text) ?? [];
  const end = at + whole.length;
  if (word === undefined || word === '') return { end };
  const delimiter = word.replace(/\\([\s\S])|['"]/g, '$1');
  return { here: { delimiter, isQuoted: /['"\\]/.test(word), isIndented: dash === '-' }, end };
}

/** Where the text of a here-document ends whose first line begins at `from`, and where the script goes on. */
export function hereEnd(
  text: string,
  from: number,
  { delimiter, isIndented }: HereDocument,
): { readonly end: number; readonly after: number } {
  for (let start = from; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const lineEnd = newline === -1 ? text.length : newline;
    const line = text.slice(start, lineEnd);
    if ((isIndented ? line.replace(/^\t+/, '') : line) === delimiter) return { end: start, after: lineEnd };
    start = lineEnd + 1;
  }
  return { end: text.length, after: text.length };
}
