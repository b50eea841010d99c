/**
 * The critical paths as lists below a picture, side by side. Pure.
 */
import { shortened } from '../describe-lane.ts';
import { describePath, type PathRow } from '../describe-path.ts';
import type { CriticalPath } from '../paths/critical-path.ts';
import { group, type Markup, tag } from '../xml.ts';

const MAX_ROWS = 12;
const ROW = 20;
const NAME_CHARACTERS = 18;
const CHARACTER = 7.2;
const SHARE = 84;

export interface DrawnPaths {
  readonly markup: Markup;
  readonly height: number;
}

export function svgPaths(paths: readonly CriticalPath[], x: number, y: number, width: number): DrawnPaths {
  const column = (width - 36) / 2;
  const drawn = paths.map((path, index) => svgPath(path, x + index * (column + 36), y, column));
  return {
    markup: group(
      {},
      drawn.map(({ markup }) => markup),
    ),
    height: Math.max(0, ...drawn.map(({ height }) => height)),
  };
}

function svgPath(path: CriticalPath, x: number, y: number, width: number): DrawnPaths {
  const { title, rows, more, longest } = describePath(path, MAX_ROWS);
  const told = [...(more > 0 ? [`and ${more} more`] : []), ...(longest === undefined ? [] : [longest])].join(
    '; ',
  );
  const longestName = Math.max(0, ...rows.map(({ who }) => [...who].length));
  const nameWidth = Math.min(NAME_CHARACTERS, longestName) * CHARACTER + 10;
  const lines = rows.map((row, index) => svgRow(row, x, y + 24 + index * ROW, { width, nameWidth }));
  const last = y + 24 + rows.length * ROW;
  const below =
    told === ''
      ? []
      : [tag('text', { class: 'quiet', x, y: last + 2 }, shortened(told, Math.floor(width / 6.8)))];
  return {
    markup: group({}, [tag('text', { class: 'head', x, y }, title), ...lines, ...below]),
    height: last - y + (told === '' ? -8 : 10),
  };
}

function svgRow(
  { who, took, share, percent, what }: PathRow,
  x: number,
  y: number,
  { width, nameWidth }: { readonly width: number; readonly nameWidth: number },
): Markup {
  const shareX = x + nameWidth;
  const tookX = shareX + SHARE + 66;
  const whatX = tookX + 62;
  return group({}, [
    tag('text', { x, y }, shortened(who, NAME_CHARACTERS)),
    tag('rect', { class: 'share', x: shareX, y: y - 9, width: Math.max(1, share * SHARE), height: 10 }),
    tag('text', { class: 'end', x: tookX, y }, took),
    tag('text', { class: 'end quiet', x: tookX + 48, y }, percent),
    tag(
      'text',
      { class: 'quiet', x: whatX, y },
      shortened(what, Math.floor((x + width - whatX) / 6.6)),
      tag('title', {}, what),
    ),
  ]);
}
