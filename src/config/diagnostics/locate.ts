/**
 * From the path of a problem to its place in the file: the text is read again by the full parser, but only when
 * there is a problem. Of several places that may have set the path it is the last that has most of it.
 */
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { type Diagnostic, type Place, placeAt } from './diagnostic.ts';
import type { ConfigPath, Problem, Step } from './problem.ts';

export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/** Everything that may have set a path of the whole: the numbers of files, and the path in each; later ones over earlier ones. */
type OriginsOf = (path: ConfigPath) => readonly { readonly source: number; readonly path: ConfigPath }[];

/** Gives problems their places, sorted by file and line. */
export type Locate = (problems: readonly Problem[]) => Promise<readonly Diagnostic[]>;

type Yaml = typeof import('yaml');

interface Found {
  /** How many keys of the path are there. */
  readonly depth: number;
  readonly from: number;
  readonly to: number;
}

/** `originsOf`: what may have set a path, by the numbers of these files. */
export function createLocate(sources: readonly SourceText[], originsOf: OriginsOf): Locate {
  const parsed = new Map<number, Document>();
  const documentOf = (yaml: Yaml, source: number): Document => {
    const document =
      parsed.get(source) ??
      // A key twice is told elsewhere; to look for it takes the square of their number.
      yaml.parseDocument(sources[source]!.text, {
        ...{ prettyErrors: false, logLevel: 'error', uniqueKeys: false },
      });
    parsed.set(source, document);
    return document;
  };
  const numbers = new Map(sources.map(({ file }, source) => [file, source]));
  return async (problems) => {
    if (problems.length === 0) return [];
    const yaml = await import('yaml');
    const placeOf = ({ path, file }: Pick<Step, 'path' | 'file'>, atKey: boolean): Place | undefined => {
      const number = file === undefined ? undefined : numbers.get(file);
      const origins = number === undefined ? originsOf(path) : [{ source: number, path }];
      const all = origins.map((origin) => ({
        ...find(yaml, documentOf(yaml, origin.source), origin.path, atKey),
        source: sources[origin.source],
      }));
      const depth = Math.max(...all.map((found) => found.depth));
      const found = all.findLast((one) => one.depth === depth);
      if (found?.source === undefined) return undefined;
      return placeAt(found.source.file, found.source.text, found.from, found.to - found.from);
    };
    const diagnostics = problems.map((problem) => ({
      severity: problem.severity,
      message: problem.message,
      hint: problem.hint,
      place: placeOf(problem, problem.atKey ?? false),
      path: problem.path,
      trail: (problem.trail ?? []).map((step) => ({ message: step.message, place: placeOf(step, false) })),
    }));
    return sortDiagnostics(diagnostics, sources);
  };
}

/** In the order of the files and of their lines; what has no place comes first. */
export function sortDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: readonly SourceText[],
): readonly Diagnostic[] {
  const order = new Map(sources.map(({ file }, index) => [file, index]));
  const rank = (place: Place | undefined) => (place ? (order.get(place.file) ?? sources.length) : -1);
  return diagnostics.toSorted(({ place: a }, { place: b }) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    return (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0);
  });
}

/** As much of the path as the document has: the value there, or the key if the value can't be marked. */
function find(yaml: Yaml, document: Document, path: ConfigPath, atKey: boolean): Found {
  let node: unknown = document.contents;
  let holder: Pair | undefined;
  let depth = 0;
  for (const key of path) {
    const inside: unknown = yaml.isAlias(node) ? node.resolve(document) : node;
    if (yaml.isMap(inside)) {
      const pair = pairOf(yaml, document, inside, String(key));
      if (!pair) break;
      holder = pair;
      node = pair.value;
    } else if (yaml.isSeq(inside) && typeof key === 'number' && key < inside.items.length) {
      holder = undefined;
      node = inside.items[key];
    } else break;
    depth += 1;
  }
  const isWhole = depth === path.length;
  const value = yaml.isNode(node) ? node : undefined;
  const marked = isWhole && !atKey && value && isOnOneLine(yaml, value) ? value : (holder?.key ?? value);
  const range = yaml.isNode(marked) ? marked.range : undefined;
  return { depth, from: depth === 0 ? 0 : (range?.[0] ?? 0), to: range?.[1] ?? 1 };
}

/** Its own, or that of the first map that is merged into it. */
function pairOf(yaml: Yaml, document: Document, map: YAMLMap, key: string, depth = 0): Pair | undefined {
  const pairs = pairsOf(yaml, map);
  const own = pairs.get(key);
  if (own !== undefined || depth > MOST_MERGES) return own;
  const merged = pairs.get(MERGE)?.value;
  const source: unknown = yaml.isAlias(merged) ? merged.resolve(document) : merged;
  for (const one of yaml.isSeq(source) ? source.items : [source]) {
    const from: unknown = yaml.isAlias(one) ? one.resolve(document) : one;
    const found = yaml.isMap(from) ? pairOf(yaml, document, from, key, depth + 1) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

const MERGE = '<<';
const MOST_MERGES = 10;

/**
 * The pairs of each map by their keys, of several with one key the last: made once, there may be thousands of
 * problems.
 */
const known = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

function pairsOf(yaml: Yaml, map: YAMLMap): ReadonlyMap<string, Pair> {
  const pairs =
    known.get(map) ??
    new Map(map.items.map((item) => [String(yaml.isScalar(item.key) ? item.key.value : item.key), item]));
  known.set(map, pairs);
  return pairs;
}

/** Worth marking: a scalar that isn't empty, or a collection in brackets. */
function isOnOneLine(yaml: Yaml, node: Node): boolean {
  if (yaml.isCollection(node)) return node.flow === true;
  return node.range != null && node.range[1] > node.range[0];
}
