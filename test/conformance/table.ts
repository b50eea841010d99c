/**
 * The verdicts as a table, a row a duty and a column a contender, with what is to be known below it. Pure.
 */
import type { Check, Verdict } from './check.ts';

export interface Row {
  readonly check: Pick<Check, 'name' | 'footnote'>;
  /** One for each contender. */
  readonly verdicts: readonly Verdict[];
}

/** Columns of equal width, then the notes; ends with a line end. */
export function renderText(contenders: readonly string[], rows: readonly Row[]): string {
  const { table, notes } = layOut(contenders, rows);
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...(notes.length > 0 ? ['', ...notes] : []), ''].join('\n');
}

/** The same as Markdown. */
export function renderMarkdown(contenders: readonly string[], rows: readonly Row[]): string {
  const { table, notes } = layOut(contenders, rows);
  const [head, ...body] = table.map((row) => `| ${row.map(escaped).join(' | ')} |`);
  const lines = [head, `|${' --- |'.repeat(table[0]!.length)}`, ...body];
  return [...lines, ...notes.flatMap((note) => ['', note]), ''].join('\n');
}

function layOut(
  contenders: readonly string[],
  rows: readonly Row[],
): { readonly table: readonly (readonly string[])[]; readonly notes: readonly string[] } {
  const notes: string[] = [];
  const mark = (text: string): string => {
    if (!notes.includes(text)) notes.push(text);
    return `(${notes.indexOf(text) + 1})`;
  };
  const table = rows.map(({ check, verdicts }) => [
    check.footnote === undefined ? check.name : `${check.name} ${mark(check.footnote)}`,
    ...verdicts.map((verdict) => cellOf(verdict, mark)),
  ]);
  return {
    table: [['duty', ...contenders], ...table],
    notes: notes.map((note, index) => `(${index + 1}) ${note}`),
  };
}

function cellOf(verdict: Verdict, mark: (text: string) => string): string {
  if (verdict.kind === 'figure') return verdict.text;
  return verdict.kind === 'holds' ? 'yes' : `**no** ${mark(verdict.why)}`;
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
