/**
 * The local time of the day, as lines of text begin with it: `HH:MM:SS.mmm`.
 *
 * A flood asks for it many thousand times a second, so it is written anew only when it is another millisecond.
 */

/** What stands before a line. */
export const STAMP_COLUMNS = 'HH:MM:SS.mmm '.length;

/** Of a time that is told (ISO 8601), or of now. */
export type TimeOfDay = (told?: string) => string;

export function createTimeOfDay(now: () => number = Date.now): TimeOfDay {
  let atMs = Number.NaN;
  let text = '';
  return (told) => {
    const ms = told === undefined ? now() : Date.parse(told);
    if (ms !== atMs) text = textOf(new Date(ms));
    atMs = ms;
    return text;
  };
}

/** Of a time that is told, to the second: `YYYY-MM-DD HH:MM:SS`. */
export function dateAndTime(told: string): string {
  const date = new Date(told);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${textOf(date).slice(0, 8)}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function textOf(date: Date): string {
  const day = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** What a line begins with: painted anew only when the time is another. */
export function createStamp(time: () => string, paint: (text: string) => string): () => string {
  let painted = '';
  let stamp = '';
  return () => {
    const text = time();
    if (text !== painted) stamp = `${paint(text)} `;
    painted = text;
    return stamp;
  };
}
