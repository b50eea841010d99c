/**
 * The environment of a service: what the file says for all, then files of variables, then its own; later over
 * earlier. Reads each file once, and reports every line of it that is wrong.
 */
import { parseDotenv } from './dotenv.ts';
import { placeAt } from './place.ts';
import type { ConfigPath, Diagnostic, Problem } from './problem.ts';
import { ENCODING_HINT, type FileReader, tryToRead } from './read-text.ts';
import type { Template } from './types.ts';

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
        problems.push({
          severity: 'error',
          message: `Cannot read the environment file "${file}": ${known.why}`,
          path,
        });
      return NONE;
    },
  };
}

/** The variables of one dotenv file, its wrong lines reported; or why it can't be read. */
export function readVariables(
  file: string,
  readFile: FileReader,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, string> | { readonly why: string; readonly isMissing: boolean } {
  const read = tryToRead(file, readFile);
  if (!read.ok) {
    const { why, place } = read;
    if (place === undefined) return read;
    const message = `Cannot read the environment file "${file}": ${why}`;
    diagnostics.push({ severity: 'error', message, hint: ENCODING_HINT, place, trail: [] });
    return NONE;
  }
  const { values, problems } = parseDotenv(read.text);
  for (const { message, hint, offset, length } of problems) {
    diagnostics.push({
      severity: 'error',
      message,
      hint,
      // Without its line: what is wrong may be a part of a secret.
      place: { ...placeAt(file, read.text, offset, length), lineText: '' },
      trail: [],
    });
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
