/**
 * What a document holds once it is read: maps, lists and scalars.
 *
 * A number or truth value that reads back differently from how it was written (`1.10`, `0x1F`, `TRUE`) brings its text
 * along: where a text is wanted, the text is what was written.
 */

/** Holds both the value and its source. A class, so that no map of the document is taken for one. */
export class WrittenScalar {
  readonly value: number | boolean;
  readonly source: string;

  constructor(value: number | boolean, source: string) {
    this.value = value;
    this.source = source;
  }
}

/** The value alone. */
export function withoutSource(value: unknown): unknown {
  return value instanceof WrittenScalar ? value.value : value;
}

/** A map of the document; not what tags such as `!!set` make, and not a WrittenScalar. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The text of a scalar, numbers and truth values as they were written; undefined for anything else. */
export function scalarText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (value instanceof WrittenScalar) return value.source;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return undefined;
}

/** How sentences name a value: as it was written, or by its kind. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof WrittenScalar) return value.source;
  if (typeof value === 'object') return isMap(value) ? 'a map' : 'a value with a tag';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
}
