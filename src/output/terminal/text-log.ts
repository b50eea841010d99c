/**
 * The output of services as text: `name | line`, every name as wide as the longest, a colour a service.
 *
 * Both streams of a service go to the same place; the text itself is never touched but on a terminal, which nobody may
 * have for himself.
 */
import { createPrefixer, type Prefixer } from '../lines/prefixer.ts';
import type { Palette } from './palette.ts';
import { forSharedTerminal, shortenUnfinished } from './shared-line.ts';

export interface LoggedService {
  readonly name: string;
  /** Its lines bear its name. */
  readonly prefix: boolean;
}

/** How many columns stand before a line. */
export function prefixWidth(services: readonly LoggedService[]): number {
  const width = longestName(services);
  return width === 0 ? 0 : width + ' | '.length;
}

function longestName(services: readonly LoggedService[]): number {
  return Math.max(0, ...services.filter(({ prefix }) => prefix).map(({ name }) => name.length));
}

/**
 * A prefixer for these services, in this order; one that isn't among them gets a prefix without colour. `terminal`: the lines go to
 * one, and a line that isn't finished is told there.
 */
export function createTextLog(
  services: readonly LoggedService[],
  palette: Palette,
  write: (lines: Buffer) => void,
  terminal?: { readonly onUnfinished: () => void },
): Prefixer {
  const prefixed = services.filter((service) => service.prefix);
  const width = longestName(services);
  const prefixes = new Map<string, string>();
  for (const { name, prefix } of services) prefixes.set(name, prefix ? `${name.padEnd(width)} | ` : '');
  prefixed.forEach(({ name }, index) => {
    const paint = palette.services[index % palette.services.length]!;
    prefixes.set(name, `${paint(`${name.padEnd(width)} |`)} `);
  });
  return createPrefixer({
    prefixOf: (service) => prefixes.get(service) ?? `${service.padEnd(width)} | `,
    write,
    ...(terminal !== undefined && { ...terminal, tame: forSharedTerminal, shorten: shortenUnfinished }),
  });
}
