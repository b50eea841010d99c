/**
 * The column of names before lines: as wide as the longest, but on a terminal it leaves two thirds of the width to the lines.
 *
 * A name that is too long loses its middle, since services that belong together begin alike, and their instances end in numbers. Pure.
 */

/** Between a name and a line. */
export const SEPARATOR = ' | ';
const SHARE = 3;

/** What a name may take at most, below 1 if there is no room for names; `columns`: of the terminal, if it is one. */
export function nameRoom(columns = Number.POSITIVE_INFINITY): number {
  return Math.floor(columns / SHARE) - SEPARATOR.length;
}

/** How wide the column of these names is. */
export function nameColumns(names: readonly string[], columns?: number): number {
  const longest = Math.max(0, ...names.map((name) => name.length));
  return Math.max(0, Math.min(longest, nameRoom(columns)));
}

/** In exactly so many columns. */
export function shortName(name: string, columns: number): string {
  if (name.length <= columns) return name.padEnd(columns);
  if (columns === 0) return '';
  const tail = Math.floor((columns - 1) / 2);
  return `${name.slice(0, columns - 1 - tail)}…${name.slice(name.length - tail)}`;
}
