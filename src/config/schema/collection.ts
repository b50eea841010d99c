/**
 * Lists, and maps with free names.
 */
import { describeValue, isMap } from '../yaml/document-value.ts';
import { inside, orEmpty, ownerAt, report, reportMismatch, type Type } from './type.ts';

/** A list; `oneToo` takes a single item for a list of one. Items that could not be read are left out. */
export function list<T>(
  item: Type<T>,
  wanted: string,
  options: { readonly oneToo?: boolean } = {},
): Type<readonly T[]> {
  return {
    read(value, at) {
      if (!Array.isArray(value)) {
        if (!options.oneToo) return reportMismatch(at, wanted, value);
        const one = item.read(value, at);
        return one === undefined ? undefined : [one];
      }
      const items: T[] = [];
      for (let index = 0; index < value.length; index++) {
        const read = item.read(value[index], inside(at, index));
        if (read !== undefined) items.push(read);
      }
      return items;
    },
    json() {
      const items = { type: 'array', items: item.json() };
      return options.oneToo ? { anyOf: [items, item.json()] } : items;
    },
  };
}

export interface NameRule {
  readonly pattern: RegExp;
  /** What a name must be, the end of a sentence: `letters, digits, …`. */
  readonly wanted: string;
}

/** A map with free names, in the order of the file; empty values are kept as null if `item` doesn't want them. */
export function map<T>(
  item: Type<T>,
  name: NameRule,
  options: { readonly readEmpty?: boolean } = {},
): Type<ReadonlyMap<string, T | null>> {
  return {
    read(value, at) {
      if (!isMap(value)) return reportMismatch(at, 'a map', value);
      const entries = new Map<string, T | null>();
      for (const key of Object.keys(value)) {
        const here = inside(at, key);
        if (!name.pattern.test(key)) {
          const message = `The name ${describeValue(key)}${ownerAt(at)} must be ${name.wanted}`;
          report(here, message, undefined, true);
        }
        const read = value[key] === null && !options.readEmpty ? null : item.read(value[key], here);
        if (read !== undefined) entries.set(key, read);
      }
      return entries;
    },
    json: () => ({
      type: 'object',
      propertyNames: { pattern: name.pattern.source },
      additionalProperties: options.readEmpty ? item.json() : orEmpty(item.json()),
    }),
  };
}

/** A map as a record; empty values stand for nothing. */
export function withoutNulls<T>(
  entries: ReadonlyMap<string, T | null> | null | undefined,
): Readonly<Record<string, T>> {
  if (!entries) return {};
  return Object.fromEntries([...entries].filter((entry): entry is [string, T] => entry[1] !== null));
}
