/**
 * Scalars that are no texts: numbers, truth values, words, durations, sizes. A text is taken for one of them only where
 * it came from interpolation (`max: "${MAX}"`): a number in quotes is most likely a mistake.
 */
import { didYouMean } from '../diagnostics/closest.ts';
import { DURATION_PATTERN, formatDuration, parseDuration } from '../duration.ts';
import { withoutSource } from '../yaml/document-value.ts';
import { foreignValue } from './foreign-words.ts';
import { INTERPOLATED, readPlain } from './text.ts';
import { type JsonSchema, reportMismatch, type Type } from './type.ts';

const NUMBER = /^-?\d+(?:\.\d+)?$/;
const SIZE_PATTERN = '^(\\d+(?:\\.\\d+)?)([KMGT]i?)?B$';
const SIZE = new RegExp(SIZE_PATTERN);
const POWERS = ['', 'K', 'M', 'G', 'T'];
/** A number alone, or with the start of a unit: `10`, `10M`, `10 mb`. */
const UNFINISHED_SIZE = /^(\d+(?:\.\d+)?) ?(?:([kmgt])(i?)b?)?$/i;

/** A type for one kind of scalar, which may also be written as an interpolated text. */
function scalar<T>(parts: {
  readonly wanted: string;
  /** The value as YAML gives it, or read from an interpolated text; undefined: not one. */
  readonly accept: (value: unknown, interpolated: boolean) => T | undefined;
  readonly hint: (value: unknown) => string | undefined;
  readonly json: JsonSchema;
}): Type<T> {
  return {
    read(written, at) {
      const value = withoutSource(written);
      // A map may have a key of any name, `toString` too: it is no text, and must not be asked for one.
      if (typeof value === 'object' && value !== null)
        return reportMismatch(at, parts.wanted, written, undefined);
      const direct =
        typeof value === 'string' && value.includes('$') ? undefined : parts.accept(value, false);
      if (direct !== undefined) return direct;
      const interpolated = typeof value === 'string' && value.includes('${');
      const filled = typeof value === 'string' ? readPlain(value, at) : value;
      if (filled === undefined) return undefined;
      return (
        parts.accept(filled, interpolated) ??
        reportMismatch(at, parts.wanted, written, interpolated ? undefined : parts.hint(filled))
      );
    },
    json: () => ({ anyOf: [parts.json, INTERPOLATED] }),
  };
}

export interface NumberLimits {
  readonly min: number;
  readonly max?: number;
  readonly whole?: boolean;
}

export function number({ min, max, whole = false }: NumberLimits): Type<number> {
  const range = max === undefined ? `, at least ${min}` : ` from ${min} to ${max}`;
  return scalar({
    wanted: `a ${whole ? 'whole ' : ''}number${range}`,
    accept(value, interpolated) {
      const read = interpolated && NUMBER.test(String(value)) ? Number(value) : value;
      if (typeof read !== 'number' || !(read >= min) || (max !== undefined && read > max)) return undefined;
      return Number.isFinite(read) && (!whole || Number.isSafeInteger(read)) ? read : undefined;
    },
    hint: (value) =>
      typeof value === 'string' && NUMBER.test(value) ? `Write it without quotes: ${value}` : undefined,
    json: {
      type: whole ? 'integer' : 'number',
      minimum: min,
      ...(max === undefined ? {} : { maximum: max }),
    },
  });
}

export function truth(wanted = 'true or false'): Type<boolean> {
  return scalar({
    wanted,
    accept(value, interpolated) {
      if (typeof value === 'boolean') return value;
      return interpolated && (value === 'true' || value === 'false') ? value === 'true' : undefined;
    },
    hint: (value) =>
      value === 'true' || value === 'false' ? `Write it without quotes: ${value}` : undefined,
    json: { type: 'boolean' },
  });
}

/** One of a few words. */
export function word<const W extends string>(...words: readonly W[]): Type<W> {
  const quoted = words.map((one) => `"${one}"`);
  return scalar<W>({
    wanted: quoted.length === 1 ? quoted[0]! : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`,
    accept: (value) => words.find((one) => one === value),
    hint: (value) =>
      foreignValue(value, words) ?? (typeof value === 'string' ? didYouMean(value, words) : undefined),
    json: { enum: words },
  });
}

/** A duration in whole milliseconds, at least `minMs`. */
export function duration(minMs = 0): Type<number> {
  return durationOr([], minMs) as Type<number>;
}

/** A duration, or one of a few words. */
export function durationOr<const W extends string>(words: readonly W[], minMs = 0): Type<number | W> {
  const least = minMs > 1 ? `, at least ${formatDuration(minMs)}` : ', longer than 0';
  return amountOr(words, {
    wanted: `a duration such as 250ms, 2s, 1m30s or 1h${minMs > 0 ? least : ''}`,
    pattern: DURATION_PATTERN,
    parse: parseDuration,
    min: minMs,
    hint(value) {
      const count = String(value);
      return NUMBER.test(count) && !count.startsWith('-')
        ? `Write the unit: ${count}s or ${count}ms`
        : undefined;
    },
  });
}

/** A size in whole bytes, at least `minBytes`; or one of the words. */
export function sizeOr<const W extends string>(words: readonly W[], minBytes: number): Type<number | W> {
  return amountOr(words, {
    wanted: `a size such as 500KB, 10MB or 1GiB${minBytes > 0 ? ', larger than 0' : ''}`,
    pattern: SIZE_PATTERN,
    parse: parseSize,
    min: minBytes,
    hint(value) {
      const [, count, unit, binary = ''] = UNFINISHED_SIZE.exec(String(value)) ?? [];
      if (count === undefined) return undefined;
      if (unit === undefined) return `Write the unit: ${count}MB or ${count}MiB`;
      return `Write it as ${count}${unit.toUpperCase()}${binary.toLowerCase()}B`;
    },
  });
}

interface Amount {
  readonly wanted: string;
  /** Its shape, for the JSON Schema. */
  readonly pattern: string;
  readonly parse: (text: string) => number | undefined;
  readonly min: number;
  readonly hint: (value: unknown) => string | undefined;
}

function amountOr<const W extends string>(words: readonly W[], amount: Amount): Type<number | W> {
  const pattern: JsonSchema = { type: 'string', pattern: amount.pattern };
  return scalar<number | W>({
    wanted: [...words.map((one) => `"${one}"`), amount.wanted].join(' or '),
    accept(value) {
      const read = typeof value === 'string' ? amount.parse(value) : undefined;
      if (read === undefined) return words.find((one) => one === value);
      return read >= amount.min ? read : undefined;
    },
    hint: amount.hint,
    json: words.length === 0 ? pattern : { anyOf: [{ enum: words }, pattern] },
  });
}

/**
 * Whole bytes, or undefined if it isn't a size: `500KB`, `10MB`, `1GiB`, `1.5GB`. A number without a unit is not one.
 *
 * KB, MB, GB and TB are powers of 1000 (SI), KiB, MiB, GiB and TiB powers of 1024 (IEC 80000-13): a unit means what it
 * says, and nobody has to know which of the two somebody had in mind.
 */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (!match) return undefined;
  const [, count, unit = ''] = match;
  const base = unit.endsWith('i') ? 1024 : 1000;
  const bytes = Math.round(Number(count) * base ** POWERS.indexOf(unit.slice(0, 1)));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
