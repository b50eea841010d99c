/**
 * Reads all files of a configuration: those that are named or found, what they include, and what services are taken from.
 */
import { dirname } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { ConfigPath, Problem } from '../diagnostics/problem.ts';
import { type FoundFiles, findFiles } from '../find-files.ts';
import type { FileReader } from '../read-text.ts';
import { createVariables, type NoteVariable, type Variables } from '../variables/environment.ts';
import { readDocument } from '../yaml/read-document.ts';
import { type Bases, readBases } from './bases.ts';
import { FurtherFiles } from './further-files.ts';
import { readIncluded } from './include.ts';
import { joinFiles } from './join.ts';
import { createOrigins, noChains, type SourceDocument, setterOf } from './origins.ts';

/** Where they are read from. */
export interface SourcesWorld {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: FileReader;
  readonly noteVariable?: NoteVariable | undefined;
}

export type ReadSources =
  | Extract<FoundFiles, { ok: false }>
  | {
      readonly ok: true;
      /** The folder of the first file. */
      readonly dir: string;
      /** Those that are named, then those that are included, then what services are taken from. */
      readonly all: readonly SourceDocument[];
      readonly named: number;
      readonly included: readonly SourceDocument[];
      /** What is wrong with the texts. */
      readonly diagnostics: readonly Diagnostic[];
      /** Each that is named has a value, in spite of what is wrong. */
      readonly isUsable: boolean;
      /** Something that is included could not be read. */
      readonly isPartial: boolean;
      /** What is named and what is included, together. */
      readonly document: unknown;
      /** Of a service that is included: the number of its file. */
      readonly owners: ReadonlyMap<string, number>;
      /** By an included file: the one that includes it. */
      readonly includers: ReadonlyMap<string, string>;
      readonly bases: Bases['of'];
      /** What is wrong with how files name each other, and what they name. */
      readonly problems: readonly Problem[];
      readonly variables: Variables;
    };

export async function readSources(files: readonly string[], world: SourcesWorld): Promise<ReadSources> {
  const { cwd, env, readFile, noteVariable } = world;
  const found = findFiles(files, cwd, readFile);
  if (!found.ok) return found;
  const { sources } = found;
  const read = await Promise.all(sources.map(readDocument));
  const named = sources.map((source, index) => ({ ...source, value: read[index]!.value }));
  const dir = dirname(sources[0].file);
  const variables = createVariables(env, dir, readFile, noteVariable);
  const further = new FurtherFiles(named, readFile);
  const variable = variables.valueOf;
  const included = await readIncluded(named, { variable, further });
  const isPartial = [...included.problems, ...further.diagnostics].some(
    ({ severity }) => severity === 'error',
  );
  const { document, owners, problems } = joinFiles(named, included);
  const known = [...named, ...included.documents];
  const originsOf = createOrigins(known, named.length, owners, noChains);
  const folderOf = (path: ConfigPath): string =>
    dirname(known[setterOf(path, originsOf, known)?.source ?? 0]!.file);
  const bases = await readBases(document, { further, variable, folderOf, isPartial });
  return {
    ...{ ok: true, dir, named: named.length, variables },
    ...{ included: included.documents, includers: included.includers },
    all: [...new Set([...known, ...bases.documents])],
    diagnostics: [...read.flatMap(({ diagnostics }) => diagnostics), ...further.diagnostics],
    isUsable: read.every(({ isUsable }) => isUsable),
    ...{ isPartial, document, owners, bases: bases.of },
    problems: [...included.problems, ...problems, ...bases.problems],
  };
}

/** Which files these are, absolute; none if they can't be found. */
export async function sourceFiles(files: readonly string[], world: SourcesWorld): Promise<readonly string[]> {
  const read = await readSources(files, world);
  return read.ok ? read.all.map(({ file }) => file) : [];
}
