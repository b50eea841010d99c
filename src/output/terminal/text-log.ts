/**
 * The output of services as text: `name | line`, every name as wide as the longest that there is room for, a colour a service;
 * before it the time, if that is wanted.
 *
 * Both streams of a service go to the same place; the text itself is never touched but on a terminal, which nobody may
 * have for himself.
 */
import { createPrefixer, type Prefixer } from '../lines/prefixer.ts';
import { createStamp, STAMP_COLUMNS } from '../time-of-day.ts';
import { nameColumns, nameRoom, SEPARATOR, shortName } from './name-column.ts';
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
  /** The terminal is so wide now: names are shortened accordingly, in lines that have been begun too. */
  fit(columns: number): void;
}

export interface TextLogOptions {
  readonly palette: Palette;
  readonly write: (lines: Buffer) => void;
  /** The lines go to a terminal, and a line that isn't finished is told there. */
  readonly terminal?: { readonly onUnfinished: () => void } | undefined;
  /** False: lines of services that aren't listed are left out. */
  readonly printsOthers?: boolean | undefined;
  /** The time that a line begins with; undefined: with none. */
  readonly time?: (() => string) | undefined;
}

/** How many columns stand before a line, on a terminal of so many if it is one. */
export function prefixWidth(services: readonly LoggedService[], columns?: number, isTimed = false): number {
  const stamp = isTimed ? STAMP_COLUMNS : 0;
  const width = nameColumns(shownNames(services), columns && columns - stamp);
  return stamp + (width === 0 ? 0 : width + SEPARATOR.length);
}

function shownNames(services: readonly LoggedService[]): string[] {
  return services.filter(bearsName).map(({ name }) => name);
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
  { palette, write, terminal, printsOthers = true, time }: TextLogOptions,
): TextLog {
  const names = shownNames(services);
  let fitted: number | undefined;
  let width = nameColumns(names);
  /** The colours in turn. */
  const paints = new Map<string, Paint>();
  const known = new Map<string, LoggedService>();

  function use(listed: readonly LoggedService[]): void {
    for (const service of listed) {
      const { name, color } = service;
      known.set(name, service);
      if (bearsName(service) && color === undefined && !paints.has(name))
        paints.set(name, palette.services[paints.size % palette.services.length]!);
    }
  }

  /** Undefined: it is left out. */
  function prefixOf(name: string): string | undefined {
    const service = known.get(name);
    if (service === undefined ? !printsOthers : service.print === false) return undefined;
    if (service?.prefix === false) return '';
    const room = nameRoom(fitted);
    if (room < 1) return '';
    const paint = service?.color === undefined ? paints.get(name) : palette.styled(service.color);
    // One that is none of the first may be longer than all of them.
    const start = shortName(name, Math.max(width, Math.min(name.length, room)));
    return paint === undefined ? `${start}${SEPARATOR}` : `${paint(`${start} |`)} `;
  }

  use(services);
  const onTerminal = terminal && { ...terminal, tame: forSharedTerminal, shorten: shortenUnfinished };
  const stamp = time && createStamp(time, palette.dim);
  const prefixer = createPrefixer({ prefixOf, write, stamp, ...onTerminal });
  return {
    ...prefixer,
    use,
    fit(all) {
      const columns = time === undefined ? all : all - STAMP_COLUMNS;
      if (columns === fitted) return;
      fitted = columns;
      const before = width;
      width = nameColumns(names, columns);
      if (width !== before) prefixer.renew();
    },
    prints: (service) => prefixOf(service) !== undefined,
  };
}
