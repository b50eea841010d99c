/**
 * What services take over from others by `extends`. Pure: maps to maps, before anything of them is read.
 *
 * A service has the keys of the one that it extends, and its own over them, as a later file over an earlier one. `profiles` are
 * not taken over: by them a service is held back that is only there to be extended. A service whose `extends` can't be obeyed
 * keeps the key, and is left as it is.
 */
import { basename } from 'node:path';
import { type ConfigPath, type Problem, problemAt } from '../diagnostics/problem.ts';
import { isMap } from '../yaml/document-value.ts';
import { type Bases, extendsSomething } from './bases.ts';
import { merge, servicesOf, without } from './merge.ts';
import { type ChainOf, type Link, noChains } from './origins.ts';

export interface Extended {
  readonly document: unknown;
  readonly chainOf: ChainOf;
  readonly problems: readonly Problem[];
}

type Entry = Readonly<Record<string, unknown>>;
type BaseOf = Bases['of'];

/** More in a row are no configuration. */
const LONGEST_CHAIN = 100;

/** `document`: all files together; `bases`: which service of it extends which, and what those extend. */
export function extendServices(document: unknown, bases: BaseOf): Extended {
  if (bases.size === 0) return { document, chainOf: noChains, problems: [] };
  const problems: Problem[] = circlesIn(bases).map(cycle);
  const chains = new Map<string, readonly Link[]>();
  const done = new Map<Link, Entry>();
  for (const link of bases.keys()) {
    const chain = chainFrom(link, bases);
    // Said of the first that is too far; what extends that one isn't looked at.
    if (chain?.length === LONGEST_CHAIN + 1) problems.push(tooLong(link));
    if (chain === undefined || chain.length > LONGEST_CHAIN || !isReadable(chain)) continue;
    if (link.file === undefined) chains.set(link.service, chain);
    for (const [at, one] of chain.entries()) {
      if (done.has(one)) continue;
      const below = at === 0 ? {} : done.get(chain[at - 1]!)!;
      const own = without(one.entry as Entry, 'extends');
      done.set(one, merge(without(below, 'profiles'), own) as Entry);
    }
  }
  const extended = Object.entries(servicesOf(document)).map(([name, entry]) => {
    const link = chains.get(name)?.at(-1);
    return [name, link === undefined ? entry : done.get(link)];
  });
  return {
    document: { ...(document as object), services: Object.fromEntries(extended) },
    chainOf: (service) => chains.get(service) ?? noChains(service),
    problems,
  };
}

/** The service at the bottom first, or more than may be in a row; undefined: there is no bottom. */
function chainFrom(link: Link, bases: BaseOf): readonly Link[] | undefined {
  const chain = new Set([link]);
  for (let base = bases.get(link); base !== undefined; base = bases.get(base)) {
    if (chain.has(base)) return undefined;
    chain.add(base);
    if (chain.size > LONGEST_CHAIN + 1) break;
  }
  return [...chain].reverse();
}

/** All of them can be taken, and the one at the bottom extends nothing. */
function isReadable(chain: readonly Link[]): boolean {
  return chain.every(({ entry }) => isMap(entry)) && !extendsSomething(chain[0]?.entry);
}

/** Each once; a service that extends itself is one too. */
function circlesIn(bases: BaseOf): readonly (readonly Link[])[] {
  const seenFrom = new Map<Link, Link>();
  const circles: (readonly Link[])[] = [];
  for (const start of bases.keys()) {
    let link: Link | undefined = start;
    const walked: Link[] = [];
    while (link !== undefined && !seenFrom.has(link)) {
      seenFrom.set(link, start);
      walked.push(link);
      link = bases.get(link);
    }
    if (link !== undefined && seenFrom.get(link) === start && walked.includes(link))
      circles.push(walked.slice(walked.indexOf(link)));
  }
  return circles;
}

function cycle(links: readonly Link[]): Problem {
  const [first, ...others] = links as readonly [Link, ...Link[]];
  if (others.length === 0) return problemOf(first, `"${first.service}" cannot extend itself`);
  const called = ({ service, file }: Link): string =>
    file === undefined ? service : `${service} (${basename(file)})`;
  const message = `These services extend each other: ${[...links, first].map(called).join(' -> ')}`;
  const trail = links.map((link, at) => {
    const { service, file } = links[(at + 1) % links.length]!;
    const where = file === undefined || file === link.file ? '' : ` of "${basename(file)}"`;
    return { ...placeOf(link), message: `"${link.service}" extends "${service}"${where}` };
  });
  return { ...problemOf(first, message, 'Remove "extends" of one of them'), trail };
}

function tooLong(link: Link): Problem {
  return problemOf(link, `More than ${LONGEST_CHAIN} services extend each other in a row`);
}

function problemOf(link: Link, message: string, hint?: string): Problem {
  const { path, ...where } = placeOf(link);
  return { ...problemAt(path, message, hint), ...where };
}

function placeOf({ service, file }: Link): { readonly path: ConfigPath; readonly file?: string } {
  return { path: ['services', service, 'extends'], ...(file !== undefined && { file }) };
}
