/**
 * Elements of SVG and HTML as text, everything in them escaped. Pure.
 */
import { printable } from '../../events/printable.ts';

/** Text that is markup already. */
export interface Markup {
  readonly markup: string;
}

type Child = Markup | string;
type Attributes = Readonly<Record<string, string | number | undefined>>;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Fit for text and for attributes; characters that XML doesn't allow are gone. */
export function escapeXml(text: string): string {
  return printable(text).replaceAll(/[&<>"']/g, (character) => ESCAPES[character]!);
}

/** Numbers are written with one decimal; attributes that are undefined are left out. */
export function tag(name: string, attributes: Attributes, ...children: readonly Child[]): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? decimal(value) : escapeXml(value!)}"`)
    .join('');
  const inner = join(...children).markup;
  return { markup: inner === '' ? `<${name}${written}/>` : `<${name}${written}>${inner}</${name}>` };
}

export function join(...children: readonly Child[]): Markup {
  return { markup: children.map((one) => (typeof one === 'string' ? escapeXml(one) : one.markup)).join('') };
}

/** A group; nothing at all if there is nothing in it. */
export function group(attributes: Attributes, children: readonly Markup[]): Markup {
  return children.length === 0 ? { markup: '' } : tag('g', attributes, ...children.map(onItsLine));
}

function onItsLine({ markup }: Markup): Markup {
  return { markup: `\n${markup}` };
}

export function decimal(value: number): string {
  return String(Math.round(value * 10) / 10);
}
