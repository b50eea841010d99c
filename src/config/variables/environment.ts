/**
 * Where variables come from: those of `${NAME}` from the environment, then `.env`; those that a service is given from
 * what is written for all, then files of variables, then its own entry, later over earlier.
 *
 * Each file is read once, `.env` only when the environment doesn't have a variable. In its values variables are filled
 * in: those of the environment and of `.env`, else what the service's own entry gives, else earlier lines and earlier
 * files. Every line that is wrong is reported.
 */
import { join } from 'node:path';
import { type Diagnostic, diagnosticAt, placeAt } from '../diagnostics/diagnostic.ts';
import { type ConfigPath, type Problem, problemAt } from '../diagnostics/problem.ts';
import { ENCODING_HINT, type FileReader, tryToRead } from '../read-text.ts';
import type { Template } from '../types.ts';
import { type Dotenv, type DotenvProblem, fillDotenv, parseDotenv } from './dotenv.ts';

/** The variables of `${NAME}`. */
export interface Variables {
  readonly valueOf: (name: string) => string | undefined;
  /** What is wrong with `.env`, as far as it was read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Is told of each variable that is filled in somewhere. */
export type NoteVariable = (name: string, value: string) => void;

/** Those of the environment, then those of `.env` in the folder of the configuration. */
export function createVariables(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  readFile: FileReader,
  note?: NoteVariable,
): Variables {
  const diagnostics: Diagnostic[] = [];
  let fromFile: ReadonlyMap<string, string> | undefined;
  const inherited = (name: string): string | undefined => (Object.hasOwn(env, name) ? env[name] : undefined);
  const readOnce = (): ReadonlyMap<string, string> => {
    const file = join(folder, '.env');
    const read = readDotenv(file, readFile, diagnostics);
    if (!('why' in read)) {
      const { values, problems } = fillDotenv(read.entries, inherited);
      diagnostics.push(...problems.map((problem) => diagnosticOf(read, problem)));
      return values;
    }
    if (!read.isMissing) {
      diagnostics.push(diagnosticAt(undefined, `Cannot read "${file}": ${read.why}`, undefined));
    }
    return new Map();
  };
  return {
    diagnostics,
    valueOf(name) {
      let value = inherited(name);
      if (value === undefined) {
        fromFile ??= readOnce();
        value = fromFile.get(name);
      }
      if (value !== undefined) note?.(name, value);
      return value;
    },
  };
}

export interface EnvironmentFile {
  readonly file: string;
  /** Where it is named. */
  readonly path: ConfigPath;
  /** It need not be there. */
  readonly isOptional: boolean;
}

export type GivenEnvironment = ReadonlyMap<string, Template | null> | null | undefined;

export interface EnvironmentFiles {
  /**
   * The variables of these files, one map each, later ones over earlier ones: empty if it can't be read, which is reported
   * once for each place that names it. `own` is what counts over them for the service.
   */
  readonly valuesOf: (
    files: readonly EnvironmentFile[],
    own: Readonly<Record<string, Template>>,
  ) => readonly ReadonlyMap<string, string>[];
  /** The line of each variable in a file that was read, of several the last. */
  readonly linesOf: (file: string) => ReadonlyMap<string, number>;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Reads files of variables; what is wrong goes to `problems` (not readable) and `diagnostics` (wrong inside). */
export function environmentFiles(
  readFile: FileReader,
  variable: (name: string) => string | undefined,
  problems: Problem[],
  diagnostics: Diagnostic[],
): EnvironmentFiles {
  const read = new Map<string, ReadDotenv | Unreadable>();
  const told = new Set<string>();
  const valuesOf = (
    { file, path, isOptional }: EnvironmentFile,
    given: (name: string) => Template | undefined,
    earlier: (name: string) => string | undefined,
  ): ReadonlyMap<string, string> => {
    const known = read.get(file) ?? readDotenv(file, readFile, diagnostics);
    read.set(file, known);
    if (!('why' in known)) {
      const filled = fillDotenv(known.entries, given, earlier);
      for (const problem of filled.problems) {
        // For each service that has it the same would be said.
        const id = `${problem.offset} ${file}`;
        if (!told.has(id)) diagnostics.push(diagnosticOf(known, problem));
        told.add(id);
      }
      return filled.values;
    }
    const isReported = problems.some((problem) => problem.path === path);
    if (!isReported && !(known.isMissing && isOptional)) problems.push(unreadable(file, path, known));
    return NONE;
  };
  return {
    valuesOf(files, own) {
      const layers: ReadonlyMap<string, string>[] = [];
      const earlier = (name: string): string | undefined =>
        layers.findLast((layer) => layer.has(name))?.get(name);
      const given = (name: string): Template | undefined =>
        variable(name) ?? (Object.hasOwn(own, name) ? own[name] : undefined);
      for (const file of files) layers.push(valuesOf(file, given, earlier));
      return layers;
    },
    linesOf(file) {
      const known = read.get(file);
      if (known === undefined || 'why' in known) return new Map();
      return new Map(
        known.entries.map(({ name, offset }) => [name, placeAt(file, known.text, offset, 1).line]),
      );
    },
  };
}

function unreadable(file: string, path: ConfigPath, { why, isMissing }: Unreadable): Problem {
  const hint = isMissing ? 'Write { path: …, required: false } if it need not be there' : undefined;
  return { ...problemAt(path, `Cannot read the environment file "${file}": ${why}`, hint), isMissing };
}

interface ReadDotenv extends Pick<Dotenv, 'entries'> {
  readonly file: string;
  readonly text: string;
}

interface Unreadable {
  readonly why: string;
  readonly isMissing: boolean;
}

/** The lines of one dotenv file, those that are wrong reported; or why it can't be read. */
function readDotenv(file: string, readFile: FileReader, diagnostics: Diagnostic[]): ReadDotenv | Unreadable {
  const read = tryToRead(file, readFile);
  if (!read.ok) {
    const { why, place } = read;
    if (place === undefined) return read;
    const message = `Cannot read the environment file "${file}": ${why}`;
    diagnostics.push(diagnosticAt(place, message, ENCODING_HINT));
    return { file, text: '', entries: [] };
  }
  const { text } = read;
  const { entries, problems, warnings } = parseDotenv(text);
  for (const problem of problems) diagnostics.push(diagnosticOf({ file, text }, problem));
  for (const warning of warnings)
    diagnostics.push({ ...diagnosticOf({ file, text }, warning), severity: 'warning' });
  return { file, text, entries };
}

/** Without its line: what is wrong may be a part of a secret. */
function diagnosticOf(
  { file, text }: Pick<ReadDotenv, 'file' | 'text'>,
  { message, hint, offset, length }: DotenvProblem,
): Diagnostic {
  return diagnosticAt({ ...placeAt(file, text, offset, length), lineText: '' }, message, hint);
}

export interface Environment {
  readonly env: Readonly<Record<string, Template>>;
  /** Names taken out of the inherited environment too. */
  readonly unset: readonly string[];
}

const EMPTY: Environment = { env: {}, unset: [] };

/** Layers over each other; an empty value removes what earlier ones and the inherited environment have. */
export function layerEnvironment(layers: readonly GivenEnvironment[]): Environment {
  if (!layers.some((layer) => layer?.size)) return EMPTY;
  const env = new Map<string, Template>();
  const unset = new Set<string>();
  for (const layer of layers) {
    for (const [name, value] of layer ?? []) {
      if (value === null) {
        env.delete(name);
        unset.add(name);
      } else {
        env.set(name, value);
        unset.delete(name);
      }
    }
  }
  return { env: Object.fromEntries(env), unset: [...unset] };
}
