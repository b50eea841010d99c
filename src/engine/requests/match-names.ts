/**
 * Which services are meant: by their names, or by patterns in which `*` stands for any characters and `?` for one. Pure.
 *
 * Whatever the pattern, a name takes no more than their lengths multiplied: it comes from clients.
 */

export interface Matched {
  readonly found: ReadonlySet<string>;
  /** The first that is nobody's. */
  readonly unknown: string | undefined;
}

export function matchNames(asked: readonly string[], names: readonly string[]): Matched {
  const found = new Set<string>();
  for (const one of asked) {
    const matching = /[*?]/.test(one)
      ? names.filter((name) => matches(one, name))
      : names.filter((n) => n === one);
    if (matching.length === 0) return { found, unknown: one };
    for (const name of matching) found.add(name);
  }
  return { found, unknown: undefined };
}

/** A star takes as little as it can; where the rest doesn't fit, the last one takes one more: none before it need be asked again. */
export function matches(pattern: string, name: string): boolean {
  const signs = [...pattern];
  const letters = [...name];
  let sign = 0;
  let star = -1;
  let taken = 0;
  for (let letter = 0; letter < letters.length; ) {
    if (signs[sign] === '*') {
      star = sign++;
      taken = letter;
    } else if (signs[sign] === '?' || signs[sign] === letters[letter]) {
      sign++;
      letter++;
    } else if (star !== -1) {
      sign = star + 1;
      letter = ++taken;
    } else return false;
  }
  return signs.slice(sign).every((one) => one === '*');
}
