/**
 * A chapter as text for a terminal, a file or a pipe. Pure.
 *
 * Nothing is wider than the columns but code, and single words: these stay whole, so that they can be copied.
 */
import { type Block, parseBlocks } from './blocks.ts';
import { parseInline } from './inline.ts';
import { renderTable } from './text-table.ts';

export interface TextOptions {
  readonly columns: number;
  /** Headings and code stand out by escape sequences: for terminals. */
  readonly isBold: boolean;
}

const INDENT = '    ';
/** Around what is bold; no character of a text is one of them. */
const BOLD = '\ue000';
const PLAIN = '\ue001';

/** Ends with a line end. */
export function renderPlainText(markdown: string, { columns, isBold }: TextOptions): string {
  const blocks = parseBlocks(markdown);
  const parts = blocks.map((block, at) => {
    const isNextItem = block.kind === 'item' && blocks[at + 1]?.kind === 'item';
    return [
      ...renderBlock(block, columns),
      ...(isBold ? [] : underline(block)),
      ...(isNextItem || at === blocks.length - 1 ? [] : ['']),
    ];
  });
  const text = parts
    .flat()
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
  return isBold
    ? text.replaceAll(BOLD, '\x1b[1m').replaceAll(PLAIN, '\x1b[22m')
    : text.replaceAll(BOLD, '').replaceAll(PLAIN, '');
}

function renderBlock(block: Block, columns: number): readonly string[] {
  switch (block.kind) {
    case 'heading': {
      const text = plain(block.text);
      return [bold(block.level === 1 ? text.toUpperCase() : text)];
    }
    case 'paragraph':
      return wrap(inline(block.text), columns);
    case 'item': {
      const mark = `${block.mark} `;
      const lines = wrap(inline(block.text), columns - mark.length);
      return lines.map((line, at) => (at === 0 ? mark : ' '.repeat(mark.length)) + line);
    }
    case 'code':
      return block.lines.map((line) => INDENT + line);
    case 'picture':
      return wrap(`${block.alt}: ${block.path.split('/').at(-1)}`, columns - 2).map((line) => `[${line}]`);
    case 'table':
      return renderTable(
        block.head.map(inline),
        block.rows.map((row) => row.map(inline)),
        {
          columns,
          wrap,
          widthOf,
          bold,
        },
      );
  }
}

/** Where headings can't stand out by themselves. */
function underline(block: Block): readonly string[] {
  return block.kind === 'heading' ? [(block.level === 1 ? '=' : '-').repeat(widthOf(plain(block.text)))] : [];
}

function bold(text: string): string {
  return BOLD + text + PLAIN;
}

function plain(text: string): string {
  return parseInline(text)
    .map((piece) => piece.text)
    .join('');
}

function inline(text: string): string {
  return parseInline(text)
    .map((piece) => (piece.kind === 'code' || piece.kind === 'strong' ? boldWords(piece.text) : piece.text))
    .join('');
}

/** Each word by itself, since a line may end behind it. */
function boldWords(text: string): string {
  return text.replaceAll(/\S+/g, bold);
}

function widthOf(text: string): number {
  return [...text].filter((letter) => letter !== BOLD && letter !== PLAIN).length;
}

function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
