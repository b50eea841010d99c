/**
 * Lines of a terminal with SGR sequences, as tmux tells them, taken apart: pieces of text, each in one style. A style goes on in the
 * next line until something ends it. Pure.
 */

/** What is missing is as the terminal has it by itself. */
export interface Style {
  readonly color?: Color;
  readonly background?: Color;
  readonly isBold?: true;
  readonly isDim?: true;
  readonly isItalic?: true;
  readonly isUnderlined?: true;
  readonly isInverse?: true;
  readonly isStruck?: true;
}

/** Of the palette of 256, or `#rrggbb`. */
export type Color = number | string;

export interface Span {
  readonly text: string;
  readonly style: Style;
}

type Mutable = { -readonly [Key in keyof Style]: Style[Key] };

export function styledSpans(lines: readonly string[]): readonly (readonly Span[])[] {
  let style: Style = {};
  return lines.map((line) => {
    const spans: Span[] = [];
    for (const [index, part] of line.split(/\x1b\[([\d;:]*)m/).entries()) {
      if (index % 2 === 1) style = styleAfter(style, part);
      else if (part !== '') spans.push({ text: part, style });
    }
    return spans;
  });
}

function styleAfter(before: Style, parameters: string): Style {
  const style: Mutable = { ...before };
  // Parts of one parameter, as of an underline's form, aren't looked at.
  const codes = parameters.split(';').map((code) => Number(code.split(':')[0]));
  for (let code = codes.shift(); code !== undefined; code = codes.shift()) {
    if (code === 0) for (const key of Object.keys(style)) delete style[key as keyof Style];
    else if (code === 38) style.color = extendedColor(codes);
    else if (code === 48) style.background = extendedColor(codes);
    else applyCode(style, code);
  }
  return style;
}

const FLAGS: Readonly<Record<number, Style>> = {
  1: { isBold: true },
  2: { isDim: true },
  3: { isItalic: true },
  4: { isUnderlined: true },
  7: { isInverse: true },
  9: { isStruck: true },
};

const ENDS: Readonly<Record<number, readonly (keyof Style)[]>> = {
  22: ['isBold', 'isDim'],
  23: ['isItalic'],
  24: ['isUnderlined'],
  27: ['isInverse'],
  29: ['isStruck'],
  39: ['color'],
  49: ['background'],
};

function applyCode(style: Mutable, code: number): void {
  Object.assign(style, FLAGS[code]);
  for (const key of ENDS[code] ?? []) delete style[key];
  if (code >= 30 && code < 38) style.color = code - 30;
  if (code >= 40 && code < 48) style.background = code - 40;
  if (code >= 90 && code < 98) style.color = code - 90 + 8;
  if (code >= 100 && code < 108) style.background = code - 100 + 8;
}

/** Takes what belongs to it. */
function extendedColor(codes: number[]): Color {
  if (codes.shift() === 5) return codes.shift() ?? 0;
  const bytes = codes.splice(0, 3).map((byte) => byte.toString(16).padStart(2, '0'));
  return `#${bytes.join('')}`;
}
