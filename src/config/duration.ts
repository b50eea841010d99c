/**
 * Durations as users write them: `250ms`, `2s`, `1m30s`, `1h`, `1.5s`. A number without a unit is not one.
 */

/** The shape of a duration as a regular expression, for the JSON Schema and for reading. */
export const DURATION_PATTERN =
  '^(?=\\d)(?:(\\d+(?:\\.\\d+)?)h)?(?:(\\d+(?:\\.\\d+)?)m)?(?:(\\d+(?:\\.\\d+)?)s)?(?:(\\d+(?:\\.\\d+)?)ms)?$';

const DURATION = new RegExp(DURATION_PATTERN);
const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/** Whole milliseconds, or undefined if it isn't a duration (units once each, from the largest to the smallest). */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (!match) return undefined;
  const [, hours = 0, minutes = 0, seconds = 0, rest = 0] = match;
  const totalMs = Math.round(
    Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1_000 + Number(rest),
  );
  return Number.isSafeInteger(totalMs) ? totalMs : undefined;
}

/** The shortest text that `parseDuration` reads back as the same whole milliseconds. */
export function formatDuration(durationMs: number): string {
  let restMs = Math.round(durationMs);
  if (restMs === 0) return '0s';
  let text = '';
  for (const [unit, unitMs] of UNITS) {
    const count = Math.floor(restMs / unitMs);
    if (count > 0) text += `${count}${unit}`;
    restMs -= count * unitMs;
  }
  return text;
}
