/**
 * Reads all files of a configuration: those that are named or found, and what they include.
 */
import { dirname } from 'node:path';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type FoundFiles, findFiles } from '../find-files.ts';
import type { FileReader } from '../read-text.ts';
import { createVariables, type NoteVariable, type Variables } from '../variables/environment.ts';
import { readDocument } from '../yaml/read-document.ts';
import { type Included, readIncluded } from './include.ts';
import type { SourceDocument } from './origins.ts';

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
      readonly named: readonly SourceDocument[];
      /** What is wrong with the texts of those. */
      readonly diagnostics: readonly Diagnostic[];
      /** Each of those has a value, in spite of what is wrong. */
      readonly isUsable: boolean;
      readonly included: Included;
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
  return {
    ...{ ok: true, dir, named, variables },
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
    isUsable: read.every(({ isUsable }) => isUsable),
    included: await readIncluded(named, { variable: variables.valueOf, readFile }),
  };
}

/** Which files these are, absolute; none if they can't be found. */
export async function sourceFiles(files: readonly string[], world: SourcesWorld): Promise<readonly string[]> {
  const read = await readSources(files, world);
  return read.ok ? [...read.named, ...read.included.documents].map(({ file }) => file) : [];
}
