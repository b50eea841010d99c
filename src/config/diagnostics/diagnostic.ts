/**
 * What is wrong with a configuration, at a place of a file whose line can be shown.
 */
import { relative } from 'node:path';
import { printable } from '../../events/printable.ts';
import type { ConfigPath } from './problem.ts';

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
  /** Of the key that it is about; missing: it is about no key, but a text or a file. */
  readonly path?: ConfigPath;
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

// A diagnostic as text for people: `file:line:col: message`, the line, a marker under what is meant, the remedy.
//
// No colours. Control characters of the file never reach the terminal.

const WIDTH = 100;
const INDENT = '  ';
/** By how many units a character has. */
const BLANKS = ['', ' ', '  '];

/** Several lines without a line end at the end; file names are shown relative to `relativeTo` if they are below it. */
export function formatDiagnostic(diagnostic: Diagnostic, relativeTo: string): string {
  const { severity, message, place, hint, trail } = diagnostic;
  const sentence = severity === 'warning' ? `warning: ${message}` : message;
  const steps = trail.flatMap((step) => showPlace(step.place, step.message, relativeTo));
  return [
    ...showPlace(place, sentence, relativeTo),
    ...steps.map((line) => INDENT + line),
    ...(hint === undefined ? [] : [INDENT + printable(hint)]),
  ].join('\n');
}

function showPlace(place: Place | undefined, message: string, relativeTo: string): string[] {
  if (!place) return [printable(message)];
  const where = printable(`${shortPath(place.file, relativeTo)}:${place.line}:${place.column}`);
  if (place.lineText.trim() === '') return [`${where}: ${printable(message)}`];
  const [line, marker] = markLine(place);
  return [`${where}: ${printable(message)}`, (INDENT + line).trimEnd(), INDENT + marker];
}

/** As a person sees it: relative to a folder, if it is below that. */
export function shortPath(file: string, relativeTo: string): string {
  const path = relative(relativeTo, file);
  return path === '' || path.startsWith('..') ? file : path;
}

/** The part of the line around what is marked, and the marker, in the same columns of a terminal. */
function markLine({ lineText, column, length }: Place): [line: string, marker: string] {
  // One for one, so that columns stay: what can't be seen is a blank here.
  const shown = /^[\x20-\x7e]*$/.test(lineText)
    ? lineText
    : lineText.replace(/./gsu, (character) =>
        printable(character) === character ? character : BLANKS[character.length]!,
      );
  const start = column - 1;
  const cutLeft = shown.length > WIDTH && start + length > WIDTH - 10 ? Math.max(0, start - 40) : 0;
  const isCutRight = shown.length > cutLeft + WIDTH;
  const before = (cutLeft > 0 ? '…' : '') + shown.slice(cutLeft, start);
  const end = Math.min(start + length, cutLeft + WIDTH);
  const line = before + shown.slice(start, cutLeft + WIDTH) + (isCutRight ? '…' : '');
  const marked = Math.max(1, columnsOf(shown.slice(start, end)));
  return [line, `${' '.repeat(columnsOf(before))}^${'~'.repeat(marked - 1)}`];
}

const WIDE =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;

/** How many columns a terminal takes for it: two for East Asian characters and emoji, none for combining marks. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) {
    if (WIDE.test(character)) columns += 2;
    else if (!/[\p{M}\u200b-\u200f]/u.test(character)) columns += 1;
  }
  return columns;
}
