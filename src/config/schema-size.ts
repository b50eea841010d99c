/**
 * Sizes in bytes: a number with a unit, or one of a few words.
 */
import { scalar } from './schema-scalar.ts';
import type { JsonSchema, Type } from './schema-type.ts';
import { parseSize, SIZE_PATTERN } from './size.ts';

/** A number alone, or with the start of a unit: `10`, `10M`, `10 mb`. */
const UNFINISHED = /^(\d+(?:\.\d+)?) ?(?:([kmgt])(i?)b?)?$/i;

/** A size in whole bytes, at least `minBytes`; or one of the words. */
export function sizeOr<const W extends string>(words: readonly W[], minBytes: number): Type<number | W> {
  const wanted = `a size such as 500KB, 10MB or 1GiB${minBytes > 0 ? ', larger than 0' : ''}`;
  const pattern: JsonSchema = { type: 'string', pattern: SIZE_PATTERN };
  return scalar<number | W>({
    wanted: [...words.map((one) => `"${one}"`), wanted].join(' or '),
    accept(value) {
      const bytes = typeof value === 'string' ? parseSize(value) : undefined;
      if (bytes === undefined) return words.find((one) => one === value);
      return bytes >= minBytes ? bytes : undefined;
    },
    hint(value) {
      const [, count, unit, binary = ''] = UNFINISHED.exec(String(value)) ?? [];
      if (count === undefined) return undefined;
      if (unit === undefined) return `Write the unit: ${count}MB or ${count}MiB`;
      return `Write it as ${count}${unit.toUpperCase()}${binary.toLowerCase()}B`;
    },
    json: words.length === 0 ? pattern : { anyOf: [{ enum: words }, pattern] },
  });
}
