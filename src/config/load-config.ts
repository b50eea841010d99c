/**
 * Text to Config: finds the files, reads, merges and validates them, fills in every default.
 *
 * Whatever is wrong is found in one pass and reported with its place; then there is no Config. A good
 * configuration in plain YAML is read without loading a YAML parser.
 */
import { dirname } from 'node:path';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { createLocate, type Locate, sortDiagnostics } from './diagnostics/locate.ts';
import type { ConfigPath, Problem } from './diagnostics/problem.ts';
import { extendServices } from './files/extend.ts';
import { misplacedKeys } from './files/misplaced-keys.ts';
import { createOrigins, setterOf, withoutRepeated } from './files/origins.ts';
import { readSources } from './files/read-sources.ts';
import { withEdgeRemedies } from './files/taken-edges.ts';
import type { FileReader } from './read-text.ts';
import { type Dependencies, resolveConfig } from './resolve/config.ts';
import type { OwnVariables } from './resolve/own-variables.ts';
import type { Config } from './types.ts';
import type { NoteVariable } from './variables/environment.ts';

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
      readonly environment: {
        /** Where the variables of a service are set. */
        readonly of: (service: string) => OwnVariables;
        /** What `${NAME}` stands for. */
        readonly variable: (name: string) => string | undefined;
      };
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
  const { missing, environment, ...loaded } = read;
  const diagnostics = [...missing.values()].flat();
  return diagnostics.length === 0
    ? loaded
    : { ok: false, diagnostics, dependencies: [], locate: loaded.locate };
}

/** The same, good although something of the surroundings is missing that single services need. */
export async function readConfig(
  options: LoadOptions & { readonly noteVariable?: NoteVariable | undefined },
): Promise<ReadResult> {
  const { readFile } = options;
  const read = await readSources(options.files, options);
  if (!read.ok) return { ...read, dependencies: [], locate: async () => [] };
  const { all, variables, dir, isPartial } = read;
  if (!read.isUsable) {
    const { diagnostics } = read;
    return { ok: false, diagnostics, dependencies: [], locate: async () => [] };
  }
  const { document, chainOf, problems } = extendServices(read.document, read.bases);
  const originsOf = createOrigins(all, read.named, read.owners, chainOf);
  const setter = (path: ConfigPath) => setterOf(path, originsOf, all);
  const place = createLocate(all, originsOf);
  const locate: Locate = (told) => place(withEdgeRemedies(told, document, chainOf));
  const folderOf = (path: ConfigPath): string =>
    all.length === 1 ? dir : dirname(all[setter(path)?.source ?? 0]!.file);
  const fileOf = (service: string) => all[read.owners.get(service) ?? -1]?.file;
  const resolved = resolveConfig(document, {
    ...{ files: all.map(({ file }) => file), dir, readFile, variable: variables.valueOf, folderOf },
    cwdOf: (service) => dirname(fileOf(service) ?? all[0]!.file),
    included: { documents: read.included, includers: read.includers, fileOf },
    isPartial,
  });
  const { missing, wrong } = withoutFollowers([
    ...read.problems,
    ...read.included.flatMap(misplacedKeys),
    ...problems,
    ...withoutRepeated(resolved.problems, chainOf, setter),
  ]);
  const told = [
    ...[...read.diagnostics, ...variables.diagnostics, ...resolved.diagnostics],
    ...(await locate(wrong)),
  ];
  if (told.every(({ severity }) => severity === 'warning')) {
    const located = new Map<string, readonly Diagnostic[]>();
    for (const [service, problems] of missing) located.set(service, await locate(problems));
    const warnings = sortDiagnostics(told, all);
    const environment = { of: resolved.environmentOf, variable: variables.valueOf };
    return { ok: true, config: resolved.config, warnings, locate, missing: located, environment };
  }
  const diagnostics = [...told, ...(await locate([...missing.values()].flat()))];
  // What a service depends on may be in the part that is missing.
  const dependencies = isPartial ? [] : resolved.dependencies;
  return { ok: false, diagnostics: sortDiagnostics(diagnostics, all), dependencies, locate };
}

/** By them the graph is known, whatever is started of it. */
const SHAPES_THE_GRAPH: ReadonlySet<string | number> = new Set([
  ...['type', 'depends_on', 'profiles', 'labels', 'extends'],
]);

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
