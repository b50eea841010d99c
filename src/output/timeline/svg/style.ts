/**
 * How a picture looks, in the light and in the dark. Each state differs from the others by its pattern too.
 *
 * Everything is scoped to `.orderly`, so that a picture can stand in a page of other styles.
 */
import { type Markup, tag } from '../xml.ts';

type Look = 'fill' | 'stroke';

/** By selector: what is coloured, in light and in dark. */
const COLOURS: readonly (readonly [string, Look, string, string])[] = [
  ['.paper', 'fill', '#ffffff', '#0d1117'],
  ['.row', 'fill', '#f6f8fa', '#131a22'],
  ['text', 'fill', '#1f2328', '#e6edf3'],
  ['.quiet', 'fill', '#57606a', '#9aa4af'],
  ['.bad', 'fill', '#b3121f', '#ff8f87'],
  ['.grid', 'stroke', '#dde2e8', '#262d36'],
  ['.waiting', 'fill', '#b4bdc7', '#4a535e'],
  ['.starting', 'fill', '#d4950c', '#d29922'],
  ['.running', 'fill', '#d4950c', '#d29922'],
  ['.ready', 'fill', '#3aa55d', '#2f9148'],
  ['.unhealthy', 'fill', '#d5343f', '#e5534b'],
  ['.stopping', 'fill', '#2f7fe0', '#4d94f0'],
  ['.cleaning', 'fill', '#8a5ad6', '#a47ce6'],
  ['.backoff', 'fill', '#fdf3e0', '#2b2110'],
  ['.backoff', 'stroke', '#b26a00', '#d98e2b'],
  ['.ink', 'stroke', '#ffffff', '#0d1117'],
  ['.arrow', 'stroke', '#8c959f', '#6a737d'],
  ['.arrowhead', 'fill', '#8c959f', '#6a737d'],
  ['.critical', 'stroke', '#1f2328', '#f0f3f6'],
  ['.criticalhead', 'fill', '#1f2328', '#f0f3f6'],
  ['.halo', 'stroke', '#ffffff', '#0d1117'],
  ['.trouble', 'stroke', '#c1121f', '#ff7b72'],
  ['.good', 'stroke', '#2a7f45', '#56d364'],
  ['.calm', 'stroke', '#57606a', '#9aa4af'],
  ['.cause', 'stroke', '#c1121f', '#ff7b72'],
  ['.share', 'fill', '#1f2328', '#f0f3f6'],
  ['.number', 'stroke', '#ffffff', '#0d1117'],
];

const SHAPES = `
.orderly{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:12px}
.orderly .title{font-size:19px;font-weight:600}
.orderly .head{font-size:13px;font-weight:600}
.orderly .small{font-size:11px}
.orderly .end{text-anchor:end}
.orderly .middle{text-anchor:middle}
.orderly .row{fill-opacity:.8}
.orderly .break{fill-opacity:.72}
.orderly .backoff{stroke-width:1;stroke-dasharray:3 2}
.orderly .ink{stroke-width:1.5;stroke-opacity:.75;fill:none}
.orderly .arrow{stroke-width:1;fill:none}
.orderly .critical{stroke-width:2;fill:none}
.orderly .halo{stroke-width:4;fill:none}
.orderly .trouble,.orderly .good,.orderly .calm{stroke-width:2;fill:none;stroke-linecap:round}
.orderly .cause{stroke-width:1.5;stroke-dasharray:5 3}
.orderly .number{paint-order:stroke;stroke-width:3;stroke-linejoin:round}
.orderly .share{fill-opacity:.28}`;

/** The sheet of one picture. */
export function svgStyle(): string {
  return `${SHAPES}\n${rules(2)}\n@media (prefers-color-scheme:dark){\n${rules(3)}\n}\n`;
}

function rules(column: 2 | 3): string {
  return COLOURS.map((entry) => `.orderly ${entry[0]}{${entry[1]}:${entry[column]}}`).join('\n');
}

/** What lies over the colour of a state. */
export const INKS: Readonly<Record<string, string>> = {
  starting: 'M-1 7L7 -1',
  running: 'M-1 -1L7 7',
  unhealthy: 'M-1 7L7 -1M-1 -1L7 7',
  stopping: 'M3 0V6',
  cleaning: 'M0 3H6',
};

export function svgDefinitions(): Markup {
  const patterns = Object.entries(INKS).map(([state, d]) =>
    tag(
      'pattern',
      { id: `orderly-${state}`, width: 6, height: 6, patternUnits: 'userSpaceOnUse' },
      tag('path', { class: 'ink', d }),
    ),
  );
  const heads = ['arrowhead', 'criticalhead'].map((name) =>
    tag(
      'marker',
      {
        id: `orderly-${name}`,
        viewBox: '0 0 6 6',
        refX: 5,
        refY: 3,
        markerWidth: 7,
        markerHeight: 7,
        markerUnits: 'userSpaceOnUse',
        orient: 'auto',
      },
      tag('path', { class: name, d: 'M0 0L6 3L0 6z' }),
    ),
  );
  return tag('defs', {}, ...patterns, ...heads);
}
