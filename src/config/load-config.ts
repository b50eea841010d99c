/**
 * Text to Config: finds the files, reads, merges and validates them, fills in every default.
 *
 * Whatever is wrong is found in one pass and reported with its place; then there is no Config. A good
 * configuration in plain YAML is read without loading a YAML parser.
 */
import { dirname } from 'node:path';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { createLocate, type Locate, type SourceText, sortDiagnostics } from './diagnostics/locate.ts';
import type { Problem } from './diagnostics/problem.ts';
import { findFiles } from './find-files.ts';
import type { FileReader } from './read-text.ts';
import { type Dependencies, resolveConfig } from './resolve/config.ts';
import type { Config } from './types.ts';
import { createVariables } from './variables/environment.ts';
import { isMap } from './yaml/document-value.ts';
import { quickYaml } from './yaml/quick/quick-yaml.ts';
import { type SlowDocument, slowYaml } from './yaml/slow-yaml.ts';

/** Where the configuration is read from; nothing is taken from the surroundings of the program. */
export interface LoadOptions {
  /**
   * The files, later ones over earlier ones, relative to `cwd`; none: the nearest `supervisor.yaml`, from `cwd`
   * upwards, and over it the `supervisor.override.yaml` beside it.
   */
  readonly files: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  /** For `${HOME}` in texts; what is missing there is looked for in `.env` beside the first file. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads every file that is wanted: also `.env`, and those of `env_file`. */
  readonly readFile: FileReader;
}

/** A configuration with what is doubtful about it, or everything that is wrong. */
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

/** The same, with what only some services miss. */
export type ReadResult =
  | (Extract<LoadResult, { ok: true }> & {
      /** By service: variables and files that it needs and that are not there. Its definition is of no use without them. */
      readonly missing: ReadonlyMap<string, readonly Diagnostic[]>;
    })
  | Extract<LoadResult, { ok: false }>;

/**
 * Reads a `supervisor.yaml`, and gives the configuration, or everything that is wrong with it. It never rejects
 * because of what the files say, or because they aren't there. Nothing is started: `config.services` is for
 * `supervise`, whose options say what holds for the whole; `name`, `shutdown` and `process` of the file are not looked
 * at there.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadResult> {
  const read = await readConfig(options);
  if (!read.ok) return read;
  const { missing, ...loaded } = read;
  const diagnostics = [...missing.values()].flat();
  return diagnostics.length === 0
    ? loaded
    : { ok: false, diagnostics, dependencies: [], locate: loaded.locate };
}

/** The same, good although something of the surroundings is missing that single services need. */
export async function readConfig(options: LoadOptions): Promise<ReadResult> {
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
  const resolved = resolveConfig(mergeDocuments(values), {
    files: sources.map(({ file }) => file),
    dir: folders[0],
    readFile,
    variable: variables.valueOf,
    folderOf: (path) => folders[folders.length === 1 ? 0 : indexOfSetter(values, path)]!,
  });
  const { config, dependencies, diagnostics } = resolved;
  const { missing, wrong } = withoutFollowers(resolved.problems);
  const told = [...unreadable, ...variables.diagnostics, ...diagnostics, ...(await locate(wrong))];
  if (told.every(({ severity }) => severity === 'warning')) {
    const located = new Map<string, readonly Diagnostic[]>();
    for (const [service, problems] of missing) located.set(service, await locate(problems));
    return { ok: true, config, warnings: sortDiagnostics(told, sources), locate, missing: located };
  }
  const all = [...told, ...(await locate([...missing.values()].flat()))];
  return { ok: false, diagnostics: sortDiagnostics(all, sources), dependencies, locate };
}

/** By them the graph is known, whatever is started of it. */
const SHAPES_THE_GRAPH: ReadonlySet<string | number> = new Set(['type', 'depends_on', 'profiles', 'labels']);

/** What single services miss, and everything else; but nothing that is wrong only because of what is missing there. */
function withoutFollowers(problems: readonly Problem[]): {
  readonly missing: ReadonlyMap<string, readonly Problem[]>;
  readonly wrong: readonly Problem[];
} {
  const missing = new Map<string, Problem[]>();
  for (const problem of problems) {
    const [first, service, key = ''] = problem.path;
    if (problem.isMissing !== true || first !== 'services' || typeof service !== 'string') continue;
    if (SHAPES_THE_GRAPH.has(key)) continue;
    missing.set(service, [...(missing.get(service) ?? []), problem]);
  }
  const isUnder = (path: Problem['path'], above: Problem['path']): boolean =>
    above.every((key, at) => path[at] === key);
  const wrong = problems.filter(({ path }) => {
    const [first, service] = path;
    const absent = first === 'services' ? (missing.get(String(service)) ?? []) : [];
    return !absent.some((one) => isUnder(path, one.path));
  });
  return { missing, wrong };
}

async function readDocument({ file, text }: SourceText): Promise<SlowDocument> {
  const value = quickYaml(text);
  return value === undefined ? slowYaml(file, text) : { value, diagnostics: [], isUsable: true };
}

// Several files as one document: maps merge, lists and scalars replace, an empty value removes what an earlier
// file has there.

/** The document that later files make of earlier ones; empty ones don't count. Nothing given is changed. */
function mergeDocuments(documents: readonly unknown[]): unknown {
  const filled: readonly unknown[] = documents.filter(
    (document) => document !== null && document !== undefined,
  );
  return filled.length === 0 ? null : filled.reduce(merge);
}

function merge(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over;
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    if (value === null && merged.has(key)) merged.delete(key);
    else merged.set(key, merged.has(key) ? merge(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

/** Which of the documents sets the value at this path: the last that has it. */
function indexOfSetter(documents: readonly unknown[], path: readonly (string | number)[]): number {
  return Math.max(
    0,
    documents.findLastIndex((document) => has(document, path)),
  );
}

function has(document: unknown, path: readonly (string | number)[]): boolean {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false;
    value = (value as Record<string | number, unknown>)[key];
  }
  return true;
}
