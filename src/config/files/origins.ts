/**
 * Which file a value of the whole configuration was written in, and where in it. Pure.
 *
 * A path of the whole may be set by each of the files that are named, by the file that its service is included from, and by
 * the same key of the services that it extends.
 */
import type { SourceText } from '../diagnostics/locate.ts';
import type { ConfigPath, Problem } from '../diagnostics/problem.ts';
import { hasPath } from './merge.ts';

/** A file of the configuration, read. */
export interface SourceDocument extends SourceText {
  readonly value: unknown;
}

export interface Origin {
  /** Its number among the files. */
  readonly source: number;
  /** In its own document. */
  readonly path: ConfigPath;
}

/** Everything that may have set this path, later ones over earlier ones. */
export type OriginsOf = (path: ConfigPath) => readonly Origin[];

/** A service with those that it extends: the one at the bottom first, itself last. */
export type ChainOf = (service: string) => readonly string[];

/** `named`: how many files are named, which come first; `owners`: from which other file a service is included. */
export function createOrigins(
  named: number,
  owners: ReadonlyMap<string, number>,
  chainOf: ChainOf,
): OriginsOf {
  const ofNamed = Array.from({ length: named }, (_, source) => source);
  return (path) => {
    const [first, service, ...rest] = path;
    if (first !== 'services' || typeof service !== 'string')
      return ofNamed.map((source) => ({ source, path }));
    return chainOf(service).flatMap((name) => {
      const own = name === service ? path : ['services', name, ...rest];
      const owner = owners.get(name);
      return (owner === undefined ? ofNamed : [owner, ...ofNamed]).map((source) => ({ source, path: own }));
    });
  };
}

/** The number of the file that sets the value at this path: the last that has it, else the first file. */
export function setterOf(
  path: ConfigPath,
  originsOf: OriginsOf,
  documents: readonly SourceDocument[],
): number {
  const setter = originsOf(path).findLast(({ source, path: own }) => hasPath(documents[source]?.value, own));
  return setter?.source ?? 0;
}

/**
 * Without what is told of a service that others extend already: the same would be said of each of them. What is missing is
 * kept: not all of them need be started.
 */
export function withoutRepeated(problems: readonly Problem[], chainOf: ChainOf): readonly Problem[] {
  const idOf = (path: ConfigPath, message: string): string => JSON.stringify([path, message]);
  const told = new Set(problems.map(({ path, message }) => idOf(path, message)));
  return problems.filter(({ path: [first, service, ...rest], message, isMissing }) => {
    if (first !== 'services' || typeof service !== 'string' || isMissing === true) return true;
    return !chainOf(service).some((name) => {
      const there = message.replaceAll(`"${service}"`, `"${name}"`);
      return name !== service && told.has(idOf(['services', name, ...rest], there));
    });
  });
}
