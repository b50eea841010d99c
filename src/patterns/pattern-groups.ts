/**
 * The groups of a regular expression: how many, and which have names.
 */
import type { Pattern } from './pattern-tree.ts';

const GROUPS = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\((?:\?<(?![=!])([^>]+)>|(?!\?))/g;

/** They are known before the reading: `\1` and `\k` mean what they mean by all of them. */
export function findGroups(source: string): Pick<Pattern, 'groupCount' | 'names'> {
  const names = new Map<string, number[]>();
  let groupCount = 1;
  for (const match of source.matchAll(GROUPS)) {
    if (!match[0].startsWith('(')) continue;
    const [, name] = match;
    if (name !== undefined) names.set(plainName(name), [...(names.get(plainName(name)) ?? []), groupCount]);
    groupCount += 1;
  }
  return { groupCount, names };
}

/** A name may be written with escapes: `\u0061`, `\u{61}`. */
export function plainName(name: string): string {
  return name.replace(/\\u(?:\{([0-9a-f]+)\}|([0-9a-f]{4}))/gi, (_, braced?: string, four?: string) => {
    const code = Number.parseInt(braced ?? four ?? '', 16);
    return braced === undefined ? String.fromCharCode(code) : String.fromCodePoint(code);
  });
}
