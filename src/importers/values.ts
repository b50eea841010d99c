/**
 * What is read from foreign documents, whose shape nobody has checked. Pure.
 */
import { constants } from 'node:os';
import { formatDuration, parseDuration } from '../config/duration.ts';
import { isMap, scalarText, withoutSource } from '../config/yaml/document-value.ts';

/** Of anything but a map: none. */
export function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isMap(value) ? Object.entries(value) : [];
}

/** The value of a key of a map, its own. */
export function get(value: unknown, key: string): unknown {
  return isMap(value) && Object.hasOwn(value, key) ? withoutNull(value[key]) : undefined;
}

/** The same, several keys down. */
export function getIn(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce(get, value);
}

const withoutNull = (value: unknown): unknown => (value === null ? undefined : value);

/** The texts of a list, or of one scalar. */
export function textsOf(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => scalarText(item) ?? []);
}

/** The text of the scalar there. */
export function textAt(value: unknown, key: string): string | undefined {
  return scalarText(get(value, key));
}

/** The same, unless it is blank. */
export function wordsAt(value: unknown, key: string): string | undefined {
  const text = textAt(value, key);
  return text?.trim() === '' ? undefined : text;
}

/** The number there, in quotes or not. */
export function numberAt(value: unknown, key: string): number | undefined {
  const text = textAt(value, key)?.trim();
  const number = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** Whether it is true there; undefined: it isn't said. */
export function truthAt(value: unknown, key: string): boolean | undefined {
  const found = withoutSource(get(value, key));
  if (typeof found === 'boolean') return found;
  const text = scalarText(found)?.toLowerCase();
  if (text === 'true' || text === 'yes' || text === '1') return true;
  return text === undefined ? undefined : false;
}

/** A duration of Go (`1m30s`, `500ms`) in milliseconds; a bare number has this unit. Undefined: it can't be read. */
export function durationMs(value: unknown, unitMs: number): number | undefined {
  const text = scalarText(value)?.trim().replaceAll(' ', '');
  if (text === undefined || text === '') return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * unitMs);
  return parseDuration(text.replace(/(\d)(?:us|µs|ns)$/, '$1ms'));
}

/** As we write it, at least a millisecond. */
export function duration(ms: number): string {
  return formatDuration(Math.max(1, Math.min(ms, LONGEST_MS)));
}

/** A hundred days: what is longer is none that anybody waits for. */
const LONGEST_MS = 8_640_000_000;

/** The name of a signal that this system has, with `SIG`; undefined: it is none. */
export function signalOf(text: string | undefined): string | undefined {
  const word = (text ?? '').trim().toUpperCase();
  const name = /^\d+$/.test(word)
    ? Object.entries(constants.signals).find(([, number]) => number === Number(word))?.[0]
    : `SIG${word.replace(/^SIG/, '')}`;
  return name !== undefined && Object.hasOwn(constants.signals, name) ? name : undefined;
}

/** Variables of a list `NAME=value`, or of a map; those without a value are inherited anyhow, and left out. */
export function variablesOf(value: unknown): ReadonlyMap<string, string> {
  if (isMap(value))
    return new Map(
      Object.entries(value).flatMap(([name, given]) => {
        const text = scalarText(given);
        return text === undefined ? [] : [[name, text] as const];
      }),
    );
  return new Map(
    textsOf(value).flatMap((entry) => {
      const [, name, text] = /^([^=]+)=([\s\S]*)$/.exec(entry) ?? [];
      return name === undefined || text === undefined ? [] : [[name.trim(), text] as const];
    }),
  );
}

/** The same map with each value changed; undefined: there is nothing in it. */
export function mapped(
  from: ReadonlyMap<string, string>,
  change: (value: string, name: string) => string,
): ReadonlyMap<string, string> | undefined {
  return from.size === 0 ? undefined : new Map([...from].map(([name, value]) => [name, change(value, name)]));
}
