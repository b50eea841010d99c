/**
 * A window of a terminal as SVG: a row of text each, its styles as classes, in the colours that most terminals have. Pure.
 *
 * Each piece of text is as wide as its columns, whatever the font of whoever looks at it.
 */
import { columnsOf } from '../../src/output/terminal/fit-line.ts';
import { type Markup, tag } from '../../src/output/timeline/xml.ts';
import type { Color, Span, Style } from '../support/styled-spans.ts';

export interface TerminalPicture {
  /** What it shows, for those who can't see it. */
  readonly title: string;
  readonly columns: number;
  readonly lines: readonly (readonly Span[])[];
}

const COLUMN = 8;
const ROW = 18;
const EDGE = 12;
const BASE = 13;

const PAPER = '#0d1117';
const INK = '#e6edf3';
/** The first sixteen. */
const PALETTE = [
  ...['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#b1bac4'],
  ...['#8b949e', '#ffa198', '#56d364', '#e3b341', '#79c0ff', '#d2a8ff', '#56d4dd', '#f0f6fc'],
];

export function terminalSvg({ title, columns, lines }: TerminalPicture): string {
  const width = columns * COLUMN + 2 * EDGE;
  const height = lines.length * ROW + 2 * EDGE;
  const sheet = { markup: `<style>${styleSheet()}</style>` };
  const paper = tag('rect', { width, height, rx: 8, fill: PAPER });
  const svg = tag(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      'xml:space': 'preserve',
      class: 'terminal',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': title,
    },
    tag('title', {}, title),
    sheet,
    paper,
    ...lines.flatMap(drawRow),
  );
  return `${svg.markup.replaceAll(/(<\/(?:title|style|text)>|<rect [^>]*\/>)/g, '$1\n')}\n`;
}

function styleSheet(): string {
  const colours = PALETTE.map((colour, index) => `.terminal .c${index}{fill:${colour}}`).join('');
  return [
    '.terminal text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}',
    `.terminal text{fill:${INK}}.terminal .b{font-weight:700}.terminal .d{opacity:.65}`,
    `.terminal .i{font-style:italic}.terminal .u{text-decoration:underline}${colours}`,
  ].join('');
}

function drawRow(spans: readonly Span[], row: number): Markup[] {
  const drawn: Markup[] = [];
  let column = 0;
  for (const { text, style } of spans) {
    const width = columnsOf(text);
    drawn.push(
      ...drawSpan(text, style, { x: EDGE + column * COLUMN, y: EDGE + row * ROW, width: width * COLUMN }),
    );
    column += width;
  }
  return drawn;
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function drawSpan(text: string, style: Style, { x, y, width }: Place): Markup[] {
  const ink = style.isInverse ? (style.background ?? PAPER) : style.color;
  const paper = style.isInverse ? (style.color ?? INK) : style.background;
  const back = paper === undefined ? [] : [tag('rect', { x, y, width, height: ROW, ...fillOf(paper) })];
  if (text.trim() === '') return back;
  // Blanks at its start would be lost where `white-space` isn't known.
  const indent = columnsOf(text) - columnsOf(text.trimStart());
  const attributes = {
    x: x + indent * COLUMN,
    y: y + BASE,
    textLength: columnsOf(text.trim()) * COLUMN,
    lengthAdjust: 'spacingAndGlyphs',
    ...fillOf(ink, style),
  };
  return [...back, tag('text', attributes, text.trim())];
}

function fillOf(
  color: Color | undefined,
  style: Style = {},
): { readonly class?: string; readonly fill?: string } {
  const isNamed = typeof color === 'number' && color < PALETTE.length;
  const classes = [
    ...(isNamed ? [`c${color}`] : []),
    ...(style.isBold ? ['b'] : []),
    ...(style.isDim ? ['d'] : []),
    ...(style.isItalic ? ['i'] : []),
    ...(style.isUnderlined ? ['u'] : []),
  ];
  const named = classes.length > 0 ? { class: classes.join(' ') } : {};
  return color === undefined || isNamed ? named : { ...named, fill: rgb(color) };
}

/** Of the palette of 256: a cube of six steps, then greys (xterm). */
function rgb(color: Color): string {
  if (typeof color === 'string') return color;
  if (color < 16) return PALETTE[color]!;
  if (color >= 232) return hex(Array.from({ length: 3 }, () => 8 + 10 * (color - 232)));
  const cube = color - 16;
  const steps = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6];
  return hex(steps.map((step) => (step === 0 ? 0 : 55 + 40 * step)));
}

function hex(bytes: readonly number[]): string {
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
