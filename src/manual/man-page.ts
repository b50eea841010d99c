/**
 * Chapters as a manual page, in the macros of man(7). Pure.
 *
 * Only plain macros: no tables of tbl and nothing of one formatter alone. Hyphenation and adjusting are off, so that names stay as they
 * are typed.
 */
import { type Block, parseBlocks } from './blocks.ts';
import { tellCells } from './definition.ts';
import { parseInline } from './inline.ts';

export interface ManPage {
  readonly name: string;
  readonly section: number;
  /** What stands in lists of pages; one line. */
  readonly about: string;
  readonly version: string;
  /** Each begins with a heading of the first level, which becomes a section. */
  readonly chapters: readonly string[];
}

export function renderManPage({ name, section, about, version, chapters }: ManPage): string {
  const lines = [
    `.TH "${escapeText(name.toUpperCase())}" ${section} "" "orderlyd ${version}" "orderly"`,
    '.nh',
    '.ad l',
    '.SH NAME',
    `${escapeText(name)} \\- ${escapeText(about)}`,
    ...chapters.flatMap((chapter) => parseBlocks(chapter).flatMap(renderBlock)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function renderBlock(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return heading(block.level, block.text);
    case 'paragraph':
      return ['.PP', textLine(block.text)];
    case 'item':
      return [
        block.mark === '-' || block.mark === '*' ? '.IP \\(bu 2' : `.IP ${block.mark} 3`,
        textLine(block.text),
      ];
    case 'code':
      return ['.PP', '.RS 4', '.nf', ...block.lines.map((line) => safeLine(escapeCode(line))), '.fi', '.RE'];
    case 'picture':
      return [];
    case 'table':
      return block.rows.flatMap((row) => definition(block.head, row));
  }
}

function heading(level: number, text: string): readonly string[] {
  const plain = parseInline(text)
    .map((piece) => piece.text)
    .join('');
  const title = escapeText(level === 1 ? plain.toUpperCase() : plain).replaceAll('"', '\\(dq');
  if (level === 1) return [`.SH "${title}"`];
  return level === 2 ? [`.SS "${title}"`] : ['.PP', `\\fB${title}\\fR`];
}

function definition(head: readonly string[], [first = '', ...others]: readonly string[]): readonly string[] {
  const told = tellCells(head, others).map(inline);
  const body = told.map(safeLine).flatMap((line, at) => (at === 0 ? [line] : ['.br', line]));
  return ['.TP', safeLine(inline(first)), ...(body.length === 0 ? ['\\&'] : body)];
}

function textLine(text: string): string {
  return safeLine(inline(text));
}

function inline(text: string): string {
  return parseInline(text)
    .map((piece) => {
      if (piece.kind === 'text') return escapeText(piece.text);
      const font = piece.kind === 'emphasis' ? 'I' : 'B';
      return `\\f${font}${piece.kind === 'code' ? escapeCode(piece.text) : escapeText(piece.text)}\\fR`;
    })
    .join('');
}

/** What a formatter would take for a request begins with nothing that can be seen. */
function safeLine(line: string): string {
  return /^[.']/.test(line) || line === '' ? `\\&${line}` : line;
}

const LETTERS: ReadonlyMap<string, string> = new Map([
  ['\\', '\\e'],
  ['…', '...'],
  ['–', '\\(en'],
  ['’', "'"],
  ['→', '\\(->'],
  ['µ', '\\(mc'],
]);

function escapeText(text: string): string {
  return [...text].map(escapeLetter).join('');
}

/** Quotes, hyphens and accents are what is typed, not what looks best. */
function escapeCode(text: string): string {
  return [...text].map((letter) => TYPED.get(letter) ?? escapeLetter(letter)).join('');
}

const TYPED: ReadonlyMap<string, string> = new Map([
  ['-', '\\-'],
  ["'", '\\(aq'],
  ['`', '\\(ga'],
  ['^', '\\(ha'],
  ['~', '\\(ti'],
]);

function escapeLetter(letter: string): string {
  const known = LETTERS.get(letter);
  if (known !== undefined) return known;
  const code = letter.codePointAt(0)!;
  return code < 0x80 ? letter : `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}
