/**
 * Sizes as users write them: `500KB`, `10MB`, `1GiB`, `1.5GB`. A number without a unit is not one.
 *
 * KB, MB, GB and TB are powers of 1000 (SI), KiB, MiB, GiB and TiB powers of 1024 (IEC 80000-13): a unit means what it
 * says, and nobody has to know which of the two somebody had in mind.
 */

/** The shape of a size as a regular expression, for the JSON Schema and for reading. */
export const SIZE_PATTERN = '^(\\d+(?:\\.\\d+)?)([KMGT]i?)?B$';

const SIZE = new RegExp(SIZE_PATTERN);
const POWERS = ['', 'K', 'M', 'G', 'T'];

/** Whole bytes, or undefined if it isn't a size. */
export function parseSize(text: string): number | undefined {
  const match = SIZE.exec(text);
  if (!match) return undefined;
  const [, count, unit = ''] = match;
  const base = unit.endsWith('i') ? 1024 : 1000;
  const bytes = Math.round(Number(count) * base ** POWERS.indexOf(unit.slice(0, 1)));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
