/**
 * Which services are meant: by their names, or by patterns in which `*` stands for any characters and `?` for one. Pure.
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

function matches(pattern: string, name: string): boolean {
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (sign) => {
    if (sign === '*') return '.*';
    return sign === '?' ? '.' : `\\${sign}`;
  });
  return new RegExp(`^${source}$`, 'u').test(name);
}
