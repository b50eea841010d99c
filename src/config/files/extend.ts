/**
 * What services take over from others by `extends`. Pure: maps to maps, before anything of them is read.
 *
 * A service has the keys of the one that it extends, and its own over them, as a later file over an earlier one. `profiles` are
 * not taken over: by them a service is held back that is only there to be extended. A service whose `extends` can't be obeyed
 * keeps the key, and is left as it is.
 */
import { didYouMean } from '../diagnostics/closest.ts';
import { type ConfigPath, type Problem, problemAt } from '../diagnostics/problem.ts';
import { extendedService } from '../schema/extends.ts';
import { inside, rootOf } from '../schema/type.ts';
import { isMap } from '../yaml/document-value.ts';
import { merge, without } from './merge.ts';
import type { ChainOf } from './origins.ts';

export interface Extended {
  readonly document: unknown;
  readonly chainOf: ChainOf;
  readonly problems: readonly Problem[];
}

type Entry = Readonly<Record<string, unknown>>;

/** More in a row are no configuration. */
const LONGEST_CHAIN = 100;
const MOST_HINTS = 100;

/** `isPartial`: services may be missing that could not be read; that one isn't there is no error then. */
export function extendServices(
  document: unknown,
  variable: (name: string) => string | undefined,
  isPartial: boolean,
): Extended {
  const services = isMap(document) && isMap(document.services) ? document.services : {};
  const bases = basesIn(services, variable);
  if (bases.size === 0) return { document, chainOf: (service) => [service], problems: [] };
  const names = Object.keys(services);
  const chains = new Map<string, readonly string[]>();
  const problems: Problem[] = [];
  let hints = 0;
  for (const [name, base] of bases) {
    if (Object.hasOwn(services, base) || isPartial) continue;
    hints += 1;
    const near = hints > MOST_HINTS ? undefined : didYouMean(base, names);
    const message = `"${name}" cannot extend "${base}": there is no service of that name`;
    problems.push(problemAt(pathOf(name), message, near));
  }
  for (const circle of circlesIn(bases)) problems.push(cycle(circle));
  const done = new Map<string, Entry>();
  for (const name of bases.keys()) {
    const chain = chainFrom(name, bases);
    // Said of the first that is too far; what extends that one isn't looked at.
    if (chain?.length === LONGEST_CHAIN + 1) problems.push(tooLong(name));
    if (chain === undefined || chain.length > LONGEST_CHAIN || !isReadable(chain, services)) continue;
    chains.set(name, chain);
    for (const [at, one] of chain.entries()) {
      if (done.has(one)) continue;
      const below = at === 0 ? {} : done.get(chain[at - 1]!)!;
      const own = without(services[one] as Entry, 'extends');
      done.set(one, merge(without(below, 'profiles'), own) as Entry);
    }
  }
  const extended = Object.entries(services).map(([name, entry]) => [
    name,
    chains.has(name) ? done.get(name) : entry,
  ]);
  return {
    document: { ...(document as object), services: Object.fromEntries(extended) },
    chainOf: (service) => chains.get(service) ?? [service],
    problems,
  };
}

/** Which service extends which; what is no name is told where the service is read. */
function basesIn(
  services: Entry,
  variable: (name: string) => string | undefined,
): ReadonlyMap<string, string> {
  const bases = new Map<string, string>();
  for (const [name, entry] of Object.entries(services)) {
    if (!isMap(entry) || (entry.extends ?? null) === null) continue;
    const problems: Problem[] = [];
    const scope = { problems, references: [], variable, folderOf: () => '', ...NOWHERE };
    const base = extendedService.read(entry.extends, inside(rootOf(scope), 'extends'));
    if (base !== undefined && problems.length === 0) bases.set(name, base);
  }
  return bases;
}

const NOWHERE = { isService: () => false, isGiven: () => false };

/** The service at the bottom first, or more than may be in a row; undefined: there is no bottom. */
function chainFrom(name: string, bases: ReadonlyMap<string, string>): readonly string[] | undefined {
  const chain = new Set([name]);
  for (let base = bases.get(name); base !== undefined; base = bases.get(base)) {
    if (chain.has(base)) return undefined;
    chain.add(base);
    if (chain.size > LONGEST_CHAIN + 1) break;
  }
  return [...chain].reverse();
}

/** All of them are there, and the one at the bottom extends nothing. */
function isReadable(chain: readonly string[], services: Entry): boolean {
  const bottom = services[chain[0]!];
  return chain.every((name) => isMap(services[name])) && isMap(bottom) && (bottom.extends ?? null) === null;
}

/** Each once; a service that extends itself is one too. */
function circlesIn(bases: ReadonlyMap<string, string>): readonly (readonly string[])[] {
  const seenFrom = new Map<string, string>();
  const circles: (readonly string[])[] = [];
  for (const start of bases.keys()) {
    let name: string | undefined = start;
    const walked: string[] = [];
    while (name !== undefined && !seenFrom.has(name)) {
      seenFrom.set(name, start);
      walked.push(name);
      name = bases.get(name);
    }
    if (name !== undefined && seenFrom.get(name) === start && walked.includes(name))
      circles.push(walked.slice(walked.indexOf(name)));
  }
  return circles;
}

function cycle(names: readonly string[]): Problem {
  const [first = ''] = names;
  if (names.length === 1) return problemAt(pathOf(first), `"${first}" cannot extend itself`);
  const message = `These services extend each other: ${[...names, first].join(' -> ')}`;
  const trail = names.map((name, at) => ({
    path: pathOf(name),
    message: `"${name}" extends "${names[(at + 1) % names.length]}"`,
  }));
  return { ...problemAt(pathOf(first), message, 'Remove "extends" of one of them'), trail };
}

function tooLong(name: string): Problem {
  return problemAt(pathOf(name), `More than ${LONGEST_CHAIN} services extend each other in a row`);
}

function pathOf(name: string): ConfigPath {
  return ['services', name, 'extends'];
}
