/**
 * What the patterns of a picture mean: one row, of those that are to be seen. Pure.
 */
import type { Lane, SegmentState } from '../timeline.ts';
import { decimal, group, type Markup, tag } from '../xml.ts';
import { INKS } from './style.ts';

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

export function svgLegend(lanes: readonly Lane[], hasPath: boolean, x: number, baseline: number): Markup {
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
