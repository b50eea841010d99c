/**
 * Which file a value of the whole configuration was written in, and where in it. Pure.
 *
 * A path of the whole may be set by each of the files that are named, by the file that its service is included from, and by
 * the same key of the services that it extends, which may be those of a single file.
 */
import type { SourceText } from '../diagnostics/locate.ts';
import { type ConfigPath, insideIncluded, type Problem } from '../diagnostics/problem.ts';
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
  /** It is of a service that only this file has, and not the configuration. */
  readonly isApart?: boolean;
}

/** Everything that may have set this path, later ones over earlier ones. */
export type OriginsOf = (path: ConfigPath) => readonly Origin[];

/** A service, of all files together or of one alone. */
export interface Link {
  readonly service: string;
  /** Undefined: all files together. */
  readonly file: string | undefined;
  /** What is written of it. */
  readonly entry: unknown;
}

/** A service with those that it extends: the one at the bottom first, itself last. */
export type ChainOf = (service: string) => readonly Link[];

/** Where no service extends another. */
export const noChains: ChainOf = (service) => [{ service, file: undefined, entry: undefined }];

/**
 * `all`: the files, of which so many are named, which come first; `owners`: from which other file a service is included.
 */
export function createOrigins(
  all: readonly SourceText[],
  named: number,
  owners: ReadonlyMap<string, number>,
  chainOf: ChainOf,
): OriginsOf {
  const ofNamed = Array.from({ length: named }, (_, source) => source);
  const numbers = new Map(all.map(({ file }, source) => [file, source]));
  return (path) => {
    const [first, service, ...rest] = path;
    const included = insideIncluded(path);
    if (included !== undefined) return [{ source: numbers.get(included.file) ?? 0, path: included.path }];
    if (first !== 'services' || typeof service !== 'string')
      return ofNamed.map((source) => ({ source, path }));
    return chainOf(service).flatMap((link): readonly Origin[] => {
      const own = link.service === service ? path : ['services', link.service, ...rest];
      if (link.file !== undefined) return [{ source: numbers.get(link.file) ?? 0, path: own, isApart: true }];
      const owner = owners.get(link.service);
      return (owner === undefined ? ofNamed : [owner, ...ofNamed]).map((source) => ({ source, path: own }));
    });
  };
}

/** Where the value at this path is set: in the last file that has it; undefined: in none. */
export function setterOf(
  path: ConfigPath,
  originsOf: OriginsOf,
  documents: readonly SourceDocument[],
): Origin | undefined {
  return originsOf(path).findLast(({ source, path: own }) => hasPath(documents[source]?.value, own));
}

/**
 * Without what is told of a service that others extend already: the same would be said of each of them. Of a service of
 * another file it is said once. What is missing is kept: not all of them need be started.
 */
export function withoutRepeated(
  problems: readonly Problem[],
  chainOf: ChainOf,
  setter: (path: ConfigPath) => Origin | undefined,
): readonly Problem[] {
  const idOf = (...what: readonly unknown[]): string => JSON.stringify(what);
  const told = new Set(problems.map(({ path, message }) => idOf(path, message)));
  const toldApart = new Set<string>();
  return problems.filter(({ path, message, isMissing }) => {
    const [first, service, ...rest] = path;
    if (first !== 'services' || typeof service !== 'string' || isMissing === true) return true;
    const chain = chainOf(service);
    if (chain.length === 1) return true;
    const saidOf = (name: string): string => message.replaceAll(`"${service}"`, `"${name}"`);
    const origin = setter(path);
    if (origin?.isApart === true) {
      const id = idOf(origin.source, origin.path, saidOf(String(origin.path[1])));
      return toldApart.size !== toldApart.add(id).size;
    }
    return !chain.some(
      ({ service: name }) => name !== service && told.has(idOf(['services', name, ...rest], saidOf(name))),
    );
  });
}
