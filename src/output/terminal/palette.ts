/**
 * Colours, or their absence: every painter of a colourless palette gives its text back.
 *
 * chalk is loaded only once colours are wanted; without a terminal it costs nothing.
 */

import type { ChalkInstance, ColorName } from 'chalk';

export type Paint = (text: string) => string;

export interface Palette {
  readonly enabled: boolean;
  /** One for each service, in turn. */
  readonly services: readonly Paint[];
  /** By words with dots between them, as a configuration has them. */
  readonly styled: (style: string) => Paint;
  readonly dim: Paint;
  readonly bold: Paint;
  readonly good: Paint;
  readonly warn: Paint;
  readonly bad: Paint;
}

export interface ColorWish {
  readonly isTty: boolean;
  /** `--color` and `--no-color`; undefined: neither. */
  readonly flag: boolean | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const plain: Paint = (text) => text;

export const PLAIN_PALETTE: Palette = {
  enabled: false,
  services: [plain],
  styled: () => plain,
  dim: plain,
  bold: plain,
  good: plain,
  warn: plain,
  bad: plain,
};

/**
 * The flag decides, else NO_COLOR (no-color.org: any value but none), else FORCE_COLOR, else whether it is a terminal.
 */
export function wantsColor({ isTty, flag, env }: ColorWish): boolean {
  if (flag !== undefined) return flag;
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  const force = env.FORCE_COLOR;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTty && env.TERM !== 'dumb';
}

/** The sixteen colours every terminal has; red is left to what went wrong. */
export async function createPalette(wish: ColorWish): Promise<Palette> {
  if (!wantsColor(wish)) return PLAIN_PALETTE;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  const { COLORTERM = '' } = wish.env;
  const exact = /^(?:truecolor|24bit)$/.test(COLORTERM) ? new Chalk({ level: 3 }) : chalk;
  return {
    enabled: true,
    services: [
      chalk.cyan,
      chalk.yellow,
      chalk.green,
      chalk.magenta,
      chalk.blue,
      chalk.cyanBright,
      chalk.yellowBright,
      chalk.greenBright,
      chalk.magentaBright,
      chalk.blueBright,
    ],
    styled: (style) => style.split('.').reduce(painted, exact),
    dim: chalk.dim,
    bold: chalk.bold,
    good: chalk.green,
    warn: chalk.yellow,
    bad: chalk.red,
  };
}

/** Where a terminal has sixteen colours, one that is given by its parts becomes the nearest of those. */
function painted(before: ChalkInstance, word: string): ChalkInstance {
  const [, isGround, code] = /^(bg)?(#[0-9a-f]{6})$/i.exec(word) ?? [];
  if (code === undefined) return before[word as ColorName];
  return isGround === undefined ? before.hex(code) : before.bgHex(code);
}
