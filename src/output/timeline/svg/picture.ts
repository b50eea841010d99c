/**
 * A timeline as a picture that stands alone: readable in the light and in the dark, told in words too, without
 * scripts and without anything from elsewhere. The same record gives the same bytes. Pure.
 */
import { causeOf, factsOf, isBad, outcomeOf, shortened } from '../describe-lane.ts';
import { describePath } from '../describe-path.ts';
import type { Paths } from '../paths/find-paths.ts';
import type { Lane, SegmentState, Timeline } from '../timeline.ts';
import { decimal, group, type Markup, tag } from '../xml.ts';
import { svgArrows } from './arrows.ts';
import { svgBreaks, svgCauses, svgGrid } from './axis.ts';
import { svgLanes } from './lanes.ts';
import { layOut } from './layout.ts';
import { svgPaths } from './paths.ts';
import { INKS, svgDefinitions, svgStyle } from './style.ts';

export interface SvgOptions {
  /** Without the heading and the lists of the critical paths: a page around it has them. */
  readonly bare?: boolean;
}

/** Ends with a line end. */
export function renderSvg(timeline: Timeline, paths: Paths, { bare = false }: SvgOptions = {}): string {
  const both = [paths.start, paths.stop].filter((path) => path !== undefined);
  const heading = bare ? { markup: { markup: '' }, bottom: 8 } : svgHeading(timeline, paths);
  const layout = layOut(timeline, heading.bottom + 36);
  const { width, margin, breakLine } = layout;
  const arrows = svgArrows(timeline, layout, both);
  const pathsTop = breakLine + 33;
  const lists = bare ? undefined : svgPaths(both, margin, pathsTop, width - 2 * margin);
  const hasLists = lists !== undefined && lists.height > 0;
  const height = hasLists ? pathsTop + lists.height + 18 : breakLine + 13;
  const parts: readonly Markup[] = [
    tag('title', { id: 'orderly-title' }, `Timeline of ${timeline.name}`),
    tag('desc', { id: 'orderly-desc' }, inWords(timeline, paths)),
    { markup: `<style>${svgStyle()}</style>` },
    svgDefinitions(),
    tag('rect', { class: 'paper', width, height }),
    heading.markup,
    svgLegend(timeline.lanes, both.length > 0, margin, heading.bottom + 18),
    svgGrid(layout, timeline.shutdown?.ms),
    arrows.quiet,
    svgLanes(timeline.lanes, layout, both),
    svgBreaks(layout),
    arrows.critical,
    svgCauses(timeline, layout),
    ...(hasLists ? [lists.markup] : []),
  ];
  const root = tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      class: 'orderly',
      viewBox: `0 0 ${width} ${Math.ceil(height)}`,
      width,
      height: Math.ceil(height),
      role: 'img',
      'aria-labelledby': 'orderly-title orderly-desc',
    },
    ...parts.filter(({ markup }) => markup !== '').map(({ markup }) => ({ markup: `\n${markup}` })),
    { markup: '\n' },
  );
  return `${root.markup}\n`;
}

function svgHeading(
  timeline: Timeline,
  { start }: Paths,
): { readonly markup: Markup; readonly bottom: number } {
  const cause = causeOf(timeline);
  const x = 24;
  const lines = [
    tag('text', { class: 'title', x, y: 38 }, shortened(timeline.name, 80)),
    tag('text', { class: 'quiet', x, y: 60 }, factsOf(timeline, start).join('  ·  ')),
    ...(cause === undefined ? [] : [tag('text', { class: 'bad', x, y: 79 }, shortened(cause, 160))]),
  ];
  return { markup: group({}, lines), bottom: cause === undefined ? 64 : 83 };
}

/** What the picture says, for who can't see it. */
function inWords(timeline: Timeline, paths: Paths): string {
  const cause = causeOf(timeline);
  const told = [paths.start, paths.stop].flatMap((path) => {
    if (path === undefined) return [];
    const { title, longest } = describePath(path);
    return longest === undefined ? [title] : [`${title}; ${longest}`];
  });
  const bad = timeline.lanes.filter(isBad).map((lane) => `${lane.service} ${outcomeOf(lane)}`);
  const sentences = [
    factsOf(timeline, paths.start).join(', '),
    ...(cause === undefined ? [] : [cause]),
    ...told,
    ...bad,
  ];
  return `${sentences.join('. ')}.`;
}

// What the patterns of a picture mean: one row, of those that are to be seen. Pure.

const ORDER: readonly SegmentState[] = [
  'waiting',
  'starting',
  'running',
  'ready',
  'unhealthy',
  'stopping',
  'cleaning',
  'backoff',
];
const CHARACTER = 7;

function svgLegend(lanes: readonly Lane[], hasPath: boolean, x: number, baseline: number): Markup {
  const seen = new Set(lanes.flatMap(({ segments }) => segments.map(({ state }) => state)));
  const hasMarks = lanes.some(({ marks, end }) => marks.length > 0 || end?.kind === 'failed');
  const drawn: Markup[] = [];
  let at = x;
  const add = (label: string, swatch: readonly Markup[], width = 22) => {
    drawn.push(...swatch, tag('text', { class: 'quiet', x: at + width + 6, y: baseline }, label));
    at += width + 6 + label.length * CHARACTER + 18;
  };
  const middle = baseline - 4;
  for (const state of ORDER.filter((one) => seen.has(one))) add(state, swatchOf(state, at, middle));
  if (hasMarks) {
    const d = `M${decimal(at)} ${decimal(middle - 4)}l8 8m0 -8l-8 8`;
    add('trouble', [tag('path', { class: 'trouble', d })], 8);
  }
  if (hasPath)
    add('critical path', [tag('path', { class: 'critical', d: `M${decimal(at)} ${decimal(middle)}h22` })]);
  return group({}, drawn);
}

function swatchOf(state: SegmentState, x: number, middle: number): readonly Markup[] {
  const height = state === 'waiting' ? 2 : 12;
  const place = { x, y: middle - height / 2, width: 22, height };
  const inked = INKS[state] === undefined ? [] : [tag('rect', { fill: `url(#orderly-${state})`, ...place })];
  return [tag('rect', { class: state, ...place }), ...inked];
}
