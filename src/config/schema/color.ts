/**
 * How a text is painted: words with dots between them, as chalk has them (`blue`, `bgBlue.bold`, `#23de43`, `bg#202020`).
 */
import { didYouMean } from '../diagnostics/closest.ts';
import { text } from './text.ts';
import type { Type } from './type.ts';

const COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const GRAYS = ['gray', 'grey', 'bgGray', 'bgGrey'];
const MODIFIERS = [
  ...['reset', 'bold', 'dim', 'italic', 'underline', 'overline', 'inverse', 'hidden', 'strikethrough'],
];
const WORDS: readonly string[] = [
  ...COLORS.flatMap((color) => {
    const ground = `bg${color[0]!.toUpperCase()}${color.slice(1)}`;
    return [color, `${color}Bright`, ground, `${ground}Bright`];
  }),
  ...GRAYS,
  ...MODIFIERS,
];
const BY_ITS_PARTS = /^(?:bg)?#[0-9a-f]{6}$/i;

/** Why that is no style, the end of a sentence; undefined: it is one. */
export function whyNoStyle(style: string): string | undefined {
  const wrong = style.split('.').find((word) => !WORDS.includes(word) && !BY_ITS_PARTS.test(word));
  if (wrong === undefined) return undefined;
  const remedy = didYouMean(wrong, WORDS) ?? 'Known are names such as blue, bgBlue and bold, and #rrggbb';
  return `${JSON.stringify(wrong)} is no colour. ${remedy}`;
}

export const color: Type<string> = text('a colour such as blue, bgBlue.bold or "#23de43"', whyNoStyle);
