/**
 * Numbers, truth values, words and durations. A text is taken for one of them only where it came from
 * interpolation (`max: "${MAX}"`): a number in quotes is most likely a mistake.
 */
import { closest } from './closest.ts';
import { DURATION_PATTERN, formatDuration, parseDuration } from './duration.ts';
import { INTERPOLATED, readPlain } from './schema-text.ts';
import { type JsonSchema, reportMismatch, type Type } from './schema-type.ts';
import { withoutSource } from './written-scalar.ts';

const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** A type for one kind of scalar, which may also be written as an interpolated text. */
export function scalar<T>(parts: {
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
        reportMismatch(at, parts.wanted, interpolated ? filled : written, parts.hint(filled))
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
    hint(value) {
      const near = typeof value === 'string' ? closest(value, words) : undefined;
      return near === undefined ? undefined : `Did you mean "${near}"?`;
    },
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
  const wanted = `a duration such as 250ms, 2s, 1m30s or 1h${minMs > 0 ? least : ''}`;
  const pattern: JsonSchema = { type: 'string', pattern: DURATION_PATTERN };
  return scalar<number | W>({
    wanted: [...words.map((one) => `"${one}"`), wanted].join(' or '),
    accept(value) {
      const readMs = typeof value === 'string' ? parseDuration(value) : undefined;
      if (readMs === undefined) return words.find((one) => one === value);
      return readMs >= minMs ? readMs : undefined;
    },
    hint(value) {
      const count = String(value);
      return NUMBER.test(count) && !count.startsWith('-')
        ? `Write the unit: ${count}s or ${count}ms`
        : undefined;
    },
    json: words.length === 0 ? pattern : { anyOf: [{ enum: words }, pattern] },
  });
}
