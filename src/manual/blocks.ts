/**
 * A chapter of the manual as blocks: the small part of Markdown that chapters are written in. Pure.
 *
 * Lists have one level. Comments and rules are no blocks, and what isn't known is a paragraph. A diagram of states is a table of moves.
 */

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'item'; readonly mark: string; readonly text: string }
  | { readonly kind: 'code'; readonly language: string; readonly lines: readonly string[] }
  | { readonly kind: 'picture'; readonly alt: string; readonly path: string }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    };

export function parseBlocks(markdown: string): readonly Block[] {
  const lines = markdown.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const [block, length] = blockAt(lines, at);
    if (block !== undefined) blocks.push(block);
    at += length;
  }
  return blocks;
}

/** What begins at this line, if anything does, and how many lines it has. */
function blockAt(lines: readonly string[], at: number): readonly [Block | undefined, number] {
  const line = lines[at]!;
  const fence = /^(```+)(.*)$/.exec(line);
  if (fence !== null) return codeAt(lines, at, fence[1]!, fence[2]!.trim());
  const heading = /^(#+) +(.*)$/.exec(line);
  if (heading !== null) return [{ kind: 'heading', level: heading[1]!.length, text: heading[2]! }, 1];
  const picture = /^!\[([^\]]*)\]\(([^)]*)\)$/.exec(line);
  if (picture !== null) return [{ kind: 'picture', alt: picture[1]!, path: picture[2]! }, 1];
  if (line.startsWith('|')) return tableAt(lines, at);
  if (line.trim() === '' || /^<!--.*-->$/.test(line)) return [undefined, 1];
  const item = /^([-*]|\d+\.) +(.*)$/.exec(line);
  const rest = textBelow(lines, at);
  const text = [item?.[2] ?? line, ...rest].map((part) => part.trim()).join(' ');
  return [
    item === null ? { kind: 'paragraph', text } : { kind: 'item', mark: item[1]!, text },
    1 + rest.length,
  ];
}

const BEGINS_ANOTHER = /^(?:\s*$|```|#+ |\||<!--|!\[|(?:[-*]|\d+\.) )/;

function textBelow(lines: readonly string[], at: number): readonly string[] {
  const below = lines.slice(at + 1);
  const end = below.findIndex((line) => BEGINS_ANOTHER.test(line));
  return end === -1 ? below : below.slice(0, end);
}

function codeAt(
  lines: readonly string[],
  at: number,
  fence: string,
  language: string,
): readonly [Block, number] {
  const below = lines.slice(at + 1);
  const end = below.findIndex((line) => line.trimEnd() === fence);
  const code = end === -1 ? below : below.slice(0, end);
  const block: Block = language === 'mermaid' ? movesOf(code) : { kind: 'code', language, lines: code };
  return [block, code.length + 2];
}

/** Of each state what may follow. */
function movesOf(diagram: readonly string[]): Block {
  const moves = new Map<string, string[]>();
  for (const line of diagram) {
    const [, from, to] = /^\s*(\S+) --> (\S+)\s*$/.exec(line) ?? [];
    if (from === undefined || to === undefined) continue;
    const following = moves.get(from) ?? [];
    moves.set(from, [...following, to === '[*]' ? 'the end' : to]);
  }
  const rows = [...moves].map(([from, to]) => [from === '[*]' ? 'the beginning' : from, to.join(', ')]);
  return { kind: 'table', head: ['state', 'may be followed by'], rows };
}

function tableAt(lines: readonly string[], at: number): readonly [Block, number] {
  const below = lines.slice(at);
  const end = below.findIndex((line) => !line.startsWith('|'));
  const table = end === -1 ? below : below.slice(0, end);
  const [head = [], ...rows] = table.filter((line) => !/^\|[\s:|-]+\|$/.test(line)).map(cellsOf);
  // The line below the head looks like one without words, as a head may.
  const isHeadless = /^\|[\s|]*\|$/.test(table[0]!);
  return [
    isHeadless ? { kind: 'table', head: [], rows: [head, ...rows] } : { kind: 'table', head, rows },
    table.length,
  ];
}

function cellsOf(row: string): readonly string[] {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}
