/**
 * The result as a table, for a terminal or for the manual. Pure.
 */
import { type Figure, type Goal, isMet, ratioOf, type Unit } from './figure.ts';
import type { Sample } from './sample.ts';

const HEAD = ['figure', 'ours', 'min..max', 'baseline', 'min..max', 'ratio', 'goal', ''] as const;

/** Columns of equal width; ends with a line end. */
export function renderText(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** A table of Markdown, without the spread; ends with a line end. */
export function renderMarkdown(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cells)].map((row) =>
    row.filter((_, column) => HEAD[column] !== 'min..max'),
  );
  const [head, ...body] = rows.map((row) => `| ${row.join(' | ')} |\n`);
  return [head, `|${' --- |'.repeat(rows[0]!.length)}\n`, ...body].join('');
}

function cells(figure: Figure): readonly string[] {
  const { name, unit, ours, baseline, goal } = figure;
  const ratio = ratioOf(figure);
  return [
    name,
    `${round(ours.median)} ${unit}`,
    spread(ours),
    baseline === undefined ? '' : `${round(baseline.sample.median)} ${unit} (${baseline.name})`,
    baseline === undefined ? '' : spread(baseline.sample),
    ratio === undefined ? '' : ratio.toFixed(2),
    goal === undefined ? '' : describeGoal(goal, unit),
    goal === undefined ? '' : isMet(figure, goal) ? 'met' : 'MISSED',
  ];
}

function describeGoal({ of, is, limit }: Goal, unit: Unit): string {
  const sign = is === 'at most' ? '<=' : '>=';
  switch (of) {
    case 'ratio':
      return `${sign} ${limit} x`;
    case 'difference':
      return `${sign} baseline + ${limit} ${unit}`;
    case 'value':
      return `${sign} ${limit} ${unit}`;
  }
}

function spread({ min, max }: Sample): string {
  return `${round(min)}..${round(max)}`;
}

/** Three digits that mean something. */
function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
