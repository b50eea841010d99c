/**
 * Text to Config: finds the files, reads, merges and validates them, fills in every default.
 *
 * Whatever is wrong is found in one pass and reported with its place; then there is no Config. A good
 * configuration in plain YAML is read without loading a YAML parser.
 */
import { dirname } from 'node:path';
import { findFiles } from './find-files.ts';
import { createLocate, type Locate, type SourceText, sortDiagnostics } from './locate.ts';
import { indexOfSetter, mergeDocuments } from './merge-documents.ts';
import type { Diagnostic } from './problem.ts';
import { quickYaml } from './quick-yaml.ts';
import type { FileReader } from './read-text.ts';
import { type Dependencies, resolveConfig } from './resolve-config.ts';
import { type SlowDocument, slowYaml } from './slow-yaml.ts';
import type { Config } from './types.ts';
import { createVariables } from './variables.ts';

export interface LoadOptions {
  /** The files named by the user, relative to `cwd`; none: the nearest one is looked for. */
  readonly files: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives the text of a file, or throws like `fs.readFileSync`. */
  readonly readFile: FileReader;
}

export type LoadResult =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly warnings: readonly Diagnostic[];
      /** Gives places to problems that are found later (by the graph). */
      readonly locate: Locate;
    }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      /** For whoever wants to say what else is wrong: the dependencies as far as they can be read, and their places. */
      readonly dependencies: readonly Dependencies[];
      readonly locate: Locate;
    };

/** The configuration, or everything that is wrong with it. Never rejects because of what the files say. */
export async function loadConfig(options: LoadOptions): Promise<LoadResult> {
  const { readFile, env, cwd } = options;
  const found = findFiles(options.files, cwd, readFile);
  if (!found.ok) return { ...found, dependencies: [], locate: async () => [] };
  const { sources } = found;
  const documents = await Promise.all(sources.map(readDocument));
  const unreadable = documents.flatMap(({ diagnostics }) => diagnostics);
  if (documents.some(({ isUsable }) => !isUsable)) {
    return { ok: false, diagnostics: unreadable, dependencies: [], locate: async () => [] };
  }

  const values = documents.map(({ value }) => value);
  const folders = sources.map(({ file }) => dirname(file)) as [string, ...string[]];
  const variables = createVariables(env, folders[0], readFile);
  const locate = createLocate(sources);
  const { config, problems, dependencies, diagnostics } = resolveConfig(mergeDocuments(values), {
    files: sources.map(({ file }) => file),
    dir: folders[0],
    readFile,
    variable: variables.valueOf,
    folderOf: (path) => folders[folders.length === 1 ? 0 : indexOfSetter(values, path)]!,
  });
  const all = sortDiagnostics(
    [...unreadable, ...variables.diagnostics, ...diagnostics, ...(await locate(problems))],
    sources,
  );
  const isGood = all.every(({ severity }) => severity === 'warning');
  return isGood
    ? { ok: true, config, warnings: all, locate }
    : { ok: false, diagnostics: all, dependencies, locate };
}

async function readDocument({ file, text }: SourceText): Promise<SlowDocument> {
  const value = quickYaml(text);
  return value === undefined ? slowYaml(file, text) : { value, diagnostics: [], isUsable: true };
}
