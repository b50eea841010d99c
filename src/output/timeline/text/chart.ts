/**
 * A timeline for a terminal: a bar for each service over one time axis, a legend, and the critical paths.
 *
 * Pure; colours are the palette's, and say nothing that the characters don't.
 */
import type { Palette } from '../../terminal/palette.ts';
import { type Axis, createAxis } from '../axis.ts';
import { causeOf, factsOf, isBad, outcomeOf, shortened, shutdownLabel } from '../describe-lane.ts';
import { describePath } from '../describe-path.ts';
import type { Paths } from '../paths/find-paths.ts';
import { ticksOf } from '../ticks.ts';
import type { Lane, SegmentState, Timeline } from '../timeline.ts';
import { BREAK, barOf, type Cell, column, END_CHARACTERS, STATE_CHARACTERS, TROUBLE } from './bar.ts';

const BREAK_COLUMNS = 3;
const MIN_BAR = 20;

/** Lines without line ends, none wider than `columns`. */
export function renderText(timeline: Timeline, paths: Paths, columns: number, palette: Palette): string[] {
  const { lanes } = timeline;
  const nameWidth = Math.min(24, Math.max(4, ...lanes.map(({ service }) => service.length)));
  const outcomes = lanes.map(outcomeOf);
  const wanted = Math.max(0, ...outcomes.map((text) => [...text].length));
  const roomy = columns - nameWidth - 3 - MIN_BAR;
  const outcomeWidth = Math.max(0, Math.min(wanted, Math.floor(columns * 0.3), roomy));
  const size = Math.max(MIN_BAR, columns - nameWidth - outcomeWidth - 4);
  const axis = createAxis(timeline, size, BREAK_COLUMNS);
  const lineAt = timeline.shutdown && column(axis, timeline.shutdown.ms);
  const indent = ' '.repeat(nameWidth + 1);
  const bars = lanes.map((lane) => barOf(lane, axis, lineAt));
  return [
    ...headline(timeline, paths, columns, palette),
    '',
    ...(lineAt === undefined ? [] : [indent + shutdownRow(timeline, lineAt, size)]),
    `${indent}${tickRow(axis)}`.trimEnd(),
    indent + palette.dim(rulerRow(axis)),
    ...lanes.map((lane, index) => {
      const name = shortened(lane.service, nameWidth).padEnd(nameWidth);
      const outcome = shortened(outcomes[index]!, outcomeWidth);
      const painted = isBad(lane) ? palette.bad(outcome) : outcome;
      return `${name} ${paintBar(bars[index]!, palette)} ${painted}`.trimEnd();
    }),
    '',
    ...wrapped(legend(bars, lanes, axis), columns).map(palette.dim),
    ...[paths.start, paths.stop].flatMap((path) =>
      path === undefined ? [] : pathLines(path, columns, palette),
    ),
  ];
}

function headline(timeline: Timeline, { start }: Paths, columns: number, palette: Palette): string[] {
  const facts = `${timeline.name}: ${factsOf(timeline, start).join(', ')}`;
  const cause = causeOf(timeline);
  return [
    ...wrapped(facts.split(/(?<=,) /), columns, ' ').map(palette.bold),
    ...(cause === undefined ? [] : [shortened(cause, columns)]),
  ];
}

function shutdownRow(timeline: Timeline, at: number, size: number): string {
  const label = shortened(shutdownLabel(timeline), size - 2);
  const right = `${' '.repeat(at)}▼ ${label}`;
  if ([...right].length <= size) return right;
  const left = `${label} ▼`;
  return `${' '.repeat(Math.max(0, at + 1 - [...left].length))}${left}`;
}

function tickRow(axis: Axis): string {
  let row = '';
  for (const { at, label } of ticksOf(axis, (text) => text.length + 3)) {
    const start = Math.min(Math.floor(at), axis.size - label.length);
    if (row === '' || start > row.length) row = row.padEnd(start) + label;
  }
  return row;
}

function rulerRow(axis: Axis): string {
  const row = Array.from({ length: axis.size }, () => '─');
  for (const { at } of ticksOf(axis, (text) => text.length + 3))
    row[Math.min(axis.size - 1, Math.floor(at))] = '┬';
  for (const { from, to, broken } of axis.pieces) {
    if (broken) row.fill(BREAK, Math.round(from), Math.round(to));
  }
  return row.join('');
}

function paintBar(cells: readonly Cell[], palette: Palette): string {
  let text = '';
  for (let at = 0; at < cells.length; ) {
    const { state } = cells[at]!;
    let run = '';
    while (at < cells.length && cells[at]!.state === state) run += cells[at++]!.character;
    text += paintOf(state, palette)(run);
  }
  return text;
}

function paintOf(state: Cell['state'], palette: Palette): (text: string) => string {
  switch (state) {
    case 'ready':
    case 'end':
      return palette.good;
    case 'starting':
    case 'running':
    case 'backoff':
      return palette.warn;
    case 'unhealthy':
    case 'trouble':
      return palette.bad;
    default:
      return palette.dim;
  }
}

/** Only what is to be seen. */
function legend(bars: readonly (readonly Cell[])[], lanes: readonly Lane[], axis: Axis): string[] {
  const seen = new Set(bars.flatMap((bar) => bar.map(({ state }) => state)));
  const ends = new Set(lanes.flatMap(({ end }) => (end === undefined ? [] : [end.kind])));
  const states = Object.entries(STATE_CHARACTERS) as [SegmentState, string][];
  const isMarked = lanes.some(({ marks }) => marks.length > 0);
  return [
    ...states.filter(([state]) => seen.has(state)).map(([state, character]) => `${character} ${state}`),
    ...(['completed', 'stopped', 'skipped'] as const)
      .filter((kind) => ends.has(kind))
      .map((kind) => `${END_CHARACTERS[kind]} ${kind}`),
    ...(isMarked || ends.has('failed') ? [`${TROUBLE} trouble`] : []),
    ...axis.pieces
      .filter(({ broken }) => broken)
      .slice(0, 1)
      .map(() => `${BREAK} left out`),
  ];
}

function pathLines(path: NonNullable<Paths['start']>, columns: number, palette: Palette): string[] {
  const { title, rows, longest } = describePath(path);
  const whoWidth = Math.min(24, Math.max(0, ...rows.map(({ who }) => who.length)));
  const tookWidth = Math.max(0, ...rows.map(({ took }) => took.length));
  return [
    '',
    palette.bold(shortened(title, columns)),
    ...rows.map(({ who, took, percent, what }) => {
      const name = shortened(who, whoWidth).padEnd(whoWidth);
      return shortened(`  ${took.padStart(tookWidth)}  ${percent.padStart(5)}  ${name}  ${what}`, columns);
    }),
    ...(longest === undefined ? [] : [shortened(`  ${longest}`, columns)]),
  ];
}

function wrapped(words: readonly string[], columns: number, gap = '   '): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + gap.length + word.length <= columns)
      lines[lines.length - 1] = line + gap + word;
    else lines.push(shortened(word, columns));
  }
  return lines;
}
