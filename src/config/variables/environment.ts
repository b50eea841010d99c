/**
 * Where variables come from: those of `${NAME}` from the environment, then `.env`; those that a service is given from
 * what is written for all, then files of variables, then its own entry, later over earlier.
 *
 * Each file is read once, `.env` only when the environment doesn't have a variable. Every line that is wrong is
 * reported.
 */
import { join } from 'node:path';
import { type Diagnostic, diagnosticAt, placeAt } from '../diagnostics/diagnostic.ts';
import { type ConfigPath, type Problem, problemAt } from '../diagnostics/problem.ts';
import { ENCODING_HINT, type FileReader, tryToRead } from '../read-text.ts';
import type { Template } from '../types.ts';
import { parseDotenv } from './dotenv.ts';

/** The variables of `${NAME}`. */
export interface Variables {
  readonly valueOf: (name: string) => string | undefined;
  /** What is wrong with `.env`, as far as it was read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Those of the environment, then those of `.env` in the folder of the configuration. */
export function createVariables(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  readFile: FileReader,
): Variables {
  const diagnostics: Diagnostic[] = [];
  let fromFile: ReadonlyMap<string, string> | undefined;
  const readOnce = (): ReadonlyMap<string, string> => {
    const file = join(folder, '.env');
    const read = readVariables(file, readFile, diagnostics);
    if (!('why' in read)) return read;
    if (!read.isMissing) {
      diagnostics.push(diagnosticAt(undefined, `Cannot read "${file}": ${read.why}`, undefined));
    }
    return new Map();
  };
  return {
    diagnostics,
    valueOf(name) {
      if (Object.hasOwn(env, name) && env[name] !== undefined) return env[name];
      fromFile ??= readOnce();
      return fromFile.get(name);
    },
  };
}

export interface EnvironmentFile {
  readonly file: string;
  /** Where it is named. */
  readonly path: ConfigPath;
}

export type GivenEnvironment = ReadonlyMap<string, Template | null> | null | undefined;

export interface EnvironmentFiles {
  /** The variables of a file; empty if it can't be read, which is reported once for each place that names it. */
  readonly valuesOf: (file: EnvironmentFile) => ReadonlyMap<string, string>;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Reads files of variables; what is wrong goes to `problems` (not readable) and `diagnostics` (wrong inside). */
export function environmentFiles(
  readFile: FileReader,
  problems: Problem[],
  diagnostics: Diagnostic[],
): EnvironmentFiles {
  const read = new Map<string, ReadonlyMap<string, string> | { readonly why: string }>();
  return {
    valuesOf({ file, path }) {
      const known = read.get(file) ?? readVariables(file, readFile, diagnostics);
      read.set(file, known);
      if (!('why' in known)) return known;
      const isReported = problems.some((problem) => problem.path === path);
      if (!isReported)
        problems.push(problemAt(path, `Cannot read the environment file "${file}": ${known.why}`));
      return NONE;
    },
  };
}

/** The variables of one dotenv file, its wrong lines reported; or why it can't be read. */
function readVariables(
  file: string,
  readFile: FileReader,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, string> | { readonly why: string; readonly isMissing: boolean } {
  const read = tryToRead(file, readFile);
  if (!read.ok) {
    const { why, place } = read;
    if (place === undefined) return read;
    const message = `Cannot read the environment file "${file}": ${why}`;
    diagnostics.push(diagnosticAt(place, message, ENCODING_HINT));
    return NONE;
  }
  const { values, problems } = parseDotenv(read.text);
  for (const { message, hint, offset, length } of problems) {
    // Without its line: what is wrong may be a part of a secret.
    const place = { ...placeAt(file, read.text, offset, length), lineText: '' };
    diagnostics.push(diagnosticAt(place, message, hint));
  }
  return values;
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
