/**
 * A timeline as a picture that stands alone: readable in the light and in the dark, told in words too, without
 * scripts and without anything from elsewhere. The same record gives the same bytes. Pure.
 */
import { causeOf, factsOf, isBad, outcomeOf, shortened } from '../describe-lane.ts';
import { describePath } from '../describe-path.ts';
import type { Paths } from '../paths/find-paths.ts';
import type { Timeline } from '../timeline.ts';
import { group, type Markup, tag } from '../xml.ts';
import { svgArrows } from './arrows.ts';
import { svgBreaks, svgCauses, svgGrid } from './axis.ts';
import { svgLanes } from './lanes.ts';
import { layOut } from './layout.ts';
import { svgLegend } from './legend.ts';
import { svgPaths } from './paths.ts';
import { svgDefinitions, svgStyle } from './style.ts';

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
