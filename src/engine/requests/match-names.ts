/**
 * Which services are meant: by their names, by patterns in which `*` stands for any characters and `?` for one, and by their labels.
 * Pure.
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

/** `labels`: `key`, or `key=value`; only what has all of them is meant. Without names all services are asked for them. */
export interface Choice {
  readonly names: readonly string[];
  readonly labels?: readonly string[] | undefined;
}

export interface Candidate {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The name that is nearest to one that nobody has. */
type Suggest = (name: string, names: readonly string[]) => string | undefined;

/** `why`: a name or a label is nobody's, a clause. Nothing asked for finds nothing. */
export type Chosen = { readonly found: ReadonlySet<string> } | { readonly why: string };

/** All or nothing: each name and each pattern must mean something that has the labels. */
export function chooseServices(choice: Choice, candidates: readonly Candidate[], suggest: Suggest): Chosen {
  const { names, labels = [] } = choice;
  const all = candidates.map(({ name }) => name);
  const labelled = candidates.filter((one) => labels.every((label) => hasLabel(one, label)));
  const having = labelled.map(({ name }) => name);
  if (names.length === 0 && labels.length > 0)
    return having.length > 0 ? { found: new Set(having) } : { why: `no service has ${listOf(labels)}` };
  const { found, unknown } = matchNames(names, having);
  if (unknown === undefined) return { found };
  if (matchNames([unknown], all).unknown === undefined)
    return { why: `${JSON.stringify(unknown)} means no service that has ${listOf(labels)}` };
  const near = suggest(unknown, all);
  const hint = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
  return { why: `there is no service ${JSON.stringify(unknown)}${hint}` };
}

export interface Member extends Candidate {
  readonly replicaOf?: string | undefined;
}

/** The same of services as they run: the name of a service with replicas means all of them. Nothing asked for finds nothing. */
export function chooseMembers(choice: Choice, members: readonly Member[], suggest: Suggest): Chosen {
  const groups = members.flatMap(({ replicaOf, labels }) =>
    replicaOf === undefined ? [] : [{ name: replicaOf, labels }],
  );
  const chosen = chooseServices(choice, [...members, ...groups], suggest);
  if ('why' in chosen) return chosen;
  const isMeant = ({ name, replicaOf = name }: Member): boolean =>
    chosen.found.has(name) || chosen.found.has(replicaOf);
  return { found: new Set(members.filter(isMeant).map(({ name }) => name)) };
}

function hasLabel({ labels }: Candidate, asked: string): boolean {
  return Object.entries(labels).some(([key, value]) => asked === key || asked === `${key}=${value}`);
}

function listOf(labels: readonly string[]): string {
  return `the label${labels.length === 1 ? '' : 's'} ${labels.map((one) => JSON.stringify(one)).join(', ')}`;
}
