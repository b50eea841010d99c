/**
 * A table as text: in columns where the last one keeps enough room, else its first cells with the others below them. Pure.
 */
import { tellCells } from './definition.ts';

export interface TableOptions {
  readonly columns: number;
  readonly wrap: (text: string, columns: number) => readonly string[];
  readonly widthOf: (text: string) => number;
  readonly bold: (text: string) => string;
}

type Row = readonly string[];

const GAP = 2;
/** What is narrower is hard to read as prose. */
const LEAST_LAST = 34;
const MOST_COLUMN = 26;

/** A head without cells is none. */
export function renderTable(head: Row, rows: readonly Row[], options: TableOptions): readonly string[] {
  const { columns, widthOf } = options;
  const all = head.length === 0 ? rows : [head, ...rows];
  const count = Math.max(...all.map((row) => row.length));
  const natural = Array.from({ length: count }, (_, at) =>
    Math.max(...all.map((row) => widthOf(row[at] ?? ''))),
  );
  const sum = natural.reduce((total, width) => total + width + GAP, -GAP);
  if (sum <= columns) return inColumns(head, rows, natural, options);
  const first = natural.slice(0, -1).map((width) => Math.min(width, MOST_COLUMN));
  const last = columns - first.reduce((total, width) => total + width + GAP, 0);
  const fits = last >= LEAST_LAST && natural.slice(0, -1).every((width) => width <= MOST_COLUMN);
  return fits ? inColumns(head, rows, [...first, last], options) : asDefinitions(head, rows, options);
}

function inColumns(
  head: Row,
  rows: readonly Row[],
  widths: readonly number[],
  options: TableOptions,
): string[] {
  const { wrap, widthOf, bold } = options;
  const lines = (row: Row): string[] => {
    const cells = widths.map((width, at) => wrap(row[at] ?? '', width));
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((cell, at) => {
          const text = cell[line] ?? '';
          return text + ' '.repeat(Math.max(0, widths[at]! - widthOf(text)));
        })
        .join(' '.repeat(GAP)),
    );
  };
  const ruled = widths.map((width) => '-'.repeat(width)).join(' '.repeat(GAP));
  const top = head.length === 0 ? [] : [...lines(head.map((cell) => (cell === '' ? '' : bold(cell)))), ruled];
  return [...top, ...rows.flatMap(lines)];
}

function asDefinitions(head: Row, rows: readonly Row[], { columns, wrap }: TableOptions): string[] {
  const indent = '    ';
  return rows.flatMap(([first = '', ...others], at) => [
    ...(at === 0 ? [] : ['']),
    ...wrap(first, columns),
    ...tellCells(head, others).flatMap((told) =>
      wrap(told, columns - indent.length).map((line) => indent + line),
    ),
  ]);
}
