/**
 * The output of services as text: `name | line`, every name as wide as the longest, a colour a service.
 *
 * Both streams of a service go to the same place; the text itself is never touched but on a terminal, which nobody may
 * have for himself.
 */
import { createPrefixer, type Prefixer } from '../lines/prefixer.ts';
import type { Paint, Palette } from './palette.ts';
import { forSharedTerminal, shortenUnfinished } from './shared-line.ts';

export interface LoggedService {
  readonly name: string;
  /** Its lines bear its name. */
  readonly prefix: boolean;
  /** How its name is painted; missing: the next colour in turn. */
  readonly color?: string | undefined;
  /** False: its lines are left out. */
  readonly print?: boolean | undefined;
}

export interface TextLog extends Prefixer {
  /** These are the services now: for each instance that begins to write from then on. */
  use(services: readonly LoggedService[]): void;
  /** Whether lines of a service that begins to write now are shown. */
  prints(service: string): boolean;
}

export interface TextLogOptions {
  readonly palette: Palette;
  readonly write: (lines: Buffer) => void;
  /** The lines go to a terminal, and a line that isn't finished is told there. */
  readonly terminal?: { readonly onUnfinished: () => void } | undefined;
  /** False: lines of services that aren't listed are left out. */
  readonly printsOthers?: boolean | undefined;
}

/** How many columns stand before a line. */
export function prefixWidth(services: readonly LoggedService[]): number {
  const width = longestName(services);
  return width === 0 ? 0 : width + ' | '.length;
}

function longestName(services: readonly LoggedService[]): number {
  return Math.max(0, ...services.filter(bearsName).map(({ name }) => name.length));
}

function bearsName({ prefix, print }: LoggedService): boolean {
  return prefix && print !== false;
}

/**
 * A prefixer for these services, in this order; one that isn't among them gets a prefix without colour. The column of names stays
 * as wide as it was for the first ones.
 */
export function createTextLog(
  services: readonly LoggedService[],
  { palette, write, terminal, printsOthers = true }: TextLogOptions,
): TextLog {
  const width = longestName(services);
  const paints = new Map<string, Paint>();
  /** Undefined: it is left out. */
  const prefixes = new Map<string, string | undefined>();

  function paintOf(name: string): Paint {
    const paint = paints.get(name) ?? palette.services[paints.size % palette.services.length]!;
    paints.set(name, paint);
    return paint;
  }

  function use(listed: readonly LoggedService[]): void {
    for (const service of listed) {
      const { name, print, color } = service;
      const paint = () => (color === undefined ? paintOf(name) : palette.styled(color));
      const shown = bearsName(service) ? `${paint()(`${name.padEnd(width)} |`)} ` : '';
      prefixes.set(name, print === false ? undefined : shown);
    }
  }

  use(services);
  const prefixOf = (service: string): string | undefined => {
    if (prefixes.has(service)) return prefixes.get(service);
    return printsOthers ? `${service.padEnd(width)} | ` : undefined;
  };
  const onTerminal = terminal && { ...terminal, tame: forSharedTerminal, shorten: shortenUnfinished };
  return {
    ...createPrefixer({ prefixOf, write, ...onTerminal }),
    use,
    prints: (service) => prefixOf(service) !== undefined,
  };
}
