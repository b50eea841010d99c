/**
 * A timeline as a page of its own: the picture, a table of the services, and the critical paths as tables. Pure.
 *
 * It has no scripts, and its policy lets none in, nor anything from elsewhere; styles are let in by their hashes.
 */
import { createHash } from 'node:crypto';
import { formatDuration } from '../../events/format-duration.ts';
import { causeOf, describeMark, factsOf, isBad, outcomeOf } from './describe-lane.ts';
import { describePath } from './describe-path.ts';
import type { CriticalPath } from './paths/critical-path.ts';
import type { Paths } from './paths/find-paths.ts';
import { renderSvg } from './svg/picture.ts';
import { svgStyle } from './svg/style.ts';
import { momentText } from './ticks.ts';
import type { Lane, SegmentState, Timeline } from './timeline.ts';
import { type Markup, tag } from './xml.ts';

/** Ends with a line end. */
export function renderHtml(timeline: Timeline, paths: Paths): string {
  const { name } = timeline;
  const cause = causeOf(timeline);
  const both = [paths.start, paths.stop].filter((path) => path !== undefined);
  const policy = `default-src 'none'; style-src ${hashOf(PAGE_STYLE)} ${hashOf(svgStyle())}; base-uri 'none'; form-action 'none'`;
  const body = [
    tag('h1', {}, name),
    tag('p', { class: 'facts' }, factsOf(timeline, paths.start).join(' · ')),
    ...(cause === undefined ? [] : [tag('p', { class: 'wrong' }, cause)]),
    tag('div', { class: 'picture' }, { markup: `\n${renderSvg(timeline, paths, { bare: true })}` }),
    tag('h2', {}, 'Services'),
    serviceTable(timeline.lanes),
    ...both.flatMap(pathTable),
    ...markList(timeline.lanes),
  ];
  const head = [
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    tag('title', {}, `Timeline of ${name}`).markup,
    `<style>${PAGE_STYLE}</style>`,
  ];
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    ...head,
    '</head>',
    '<body>',
    ...body.map(({ markup }) => markup),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** As a Content-Security-Policy names an inline style (CSP level 3, "hash-source"). */
function hashOf(style: string): string {
  return `'sha256-${createHash('sha256').update(style).digest('base64')}'`;
}

const SPENT: readonly SegmentState[] = [
  'waiting',
  'starting',
  'ready',
  'unhealthy',
  'stopping',
  'cleaning',
  'backoff',
];

function serviceTable(lanes: readonly Lane[]): Markup {
  const heads = ['service', 'outcome', 'attempts', ...SPENT, 'ended'];
  return table(
    heads,
    lanes.map((lane) => [
      cell(lane.service),
      cell(outcomeOf(lane), isBad(lane) ? 'wrong' : undefined),
      cell(String(lane.starts.length), 'number'),
      ...SPENT.map((state) => cell(spentIn(lane, state), 'number')),
      cell(endOf(lane)),
    ]),
  );
}

/** A task's work stands where services start. */
function spentIn({ segments }: Lane, state: SegmentState): string {
  const own = segments.filter(
    (one) => one.state === state || (state === 'starting' && one.state === 'running'),
  );
  const ms = own.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return own.length === 0 ? '' : formatDuration(ms);
}

function endOf({ end, exits }: Lane): string {
  const how = exits.at(-1)?.text;
  const when = end === undefined ? 'not yet' : `${end.kind} at ${momentText(end.ms, 1)}`;
  return how === undefined ? when : `${when}, ${how}`;
}

function pathTable(path: CriticalPath): readonly Markup[] {
  const { title, rows, longest } = describePath(path);
  return [
    tag('h2', {}, title),
    table(
      ['service', 'from', 'took', 'share', 'doing what'],
      rows.map(({ who, fromMs, took, percent, what }) => [
        cell(who),
        cell(momentText(fromMs, 1), 'number'),
        cell(took, 'number'),
        cell(percent, 'number'),
        cell(what),
      ]),
    ),
    ...(longest === undefined ? [] : [tag('p', { class: 'facts' }, `${longest}.`)]),
  ];
}

/** More would hide the rest. */
const MARKS_LISTED = 200;

function markList(lanes: readonly Lane[]): readonly Markup[] {
  const marks = lanes.flatMap(({ service, marks: own }) => own.map((mark) => ({ service, mark })));
  if (marks.length === 0) return [];
  marks.sort((a, b) => a.mark.ms - b.mark.ms);
  const more = marks.length - MARKS_LISTED;
  return [
    tag('h2', {}, 'What went wrong'),
    tag(
      'ol',
      {},
      ...marks.slice(0, MARKS_LISTED).map(({ service, mark }) => tag('li', {}, describeMark(service, mark))),
    ),
    ...(more > 0 ? [tag('p', { class: 'facts' }, `And ${more} more.`)] : []),
  ];
}

function table(heads: readonly string[], rows: readonly (readonly Markup[])[]): Markup {
  const head = tag('tr', {}, ...heads.map((text) => tag('th', { scope: 'col' }, text)));
  const body = rows.map((cells) => ({ markup: `\n${tag('tr', {}, ...cells).markup}` }));
  return tag('div', { class: 'scroll' }, tag('table', {}, tag('thead', {}, head), tag('tbody', {}, ...body)));
}

/** Never self-closing: HTML would take `<td/>` for the start of a cell. */
function cell(text: string, look?: string): Markup {
  return text === '' ? { markup: '<td></td>' } : tag('td', { class: look }, text);
}

/** How the page around a picture looks, in the light and in the dark. */
const PAGE_STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1f2328;--quiet:#57606a;--line:#dde2e8;--wrong:#b3121f}
@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--ink:#e6edf3;--quiet:#9aa4af;--line:#262d36;--wrong:#ff8f87}}
body{margin:0 auto;padding:24px;max-width:1248px;background:var(--paper);color:var(--ink);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
h1{font-size:22px;margin:0}
h2{font-size:16px;margin:28px 0 8px}
.facts{color:var(--quiet);margin:4px 0}
.wrong{color:var(--wrong);margin:4px 0}
.picture,.scroll{overflow-x:auto}
.picture svg{max-width:100%;height:auto;min-width:800px}
table{border-collapse:collapse}
th,td{text-align:left;padding:4px 14px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--quiet);font-weight:500;white-space:nowrap}
.number{white-space:nowrap;font-variant-numeric:tabular-nums}
`;
