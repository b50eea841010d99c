/**
 * Which files the configuration is in: those named, else the nearest `supervisor.yaml` or `.yml` upwards, and over it the
 * `supervisor.override.yaml` or `.yml` beside it, if there is one.
 */
import { basename, dirname, join, resolve } from 'node:path';
import { type Diagnostic, diagnosticAt } from './diagnostics/diagnostic.ts';
import type { SourceText } from './diagnostics/locate.ts';
import { ENCODING_HINT, type FileReader, type ReadText, tryToRead } from './read-text.ts';

/** What a configuration is called that nobody names. */
export const FILE_NAMES = ['supervisor.yaml', 'supervisor.yml'];

/** What lies over it by itself; it isn't looked for where a file is named. */
export const OVERRIDE_NAMES = ['supervisor.override.yaml', 'supervisor.override.yml'];

export type FoundFiles =
  | { readonly ok: true; readonly sources: readonly [SourceText, ...SourceText[]] }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      /** None was named, and there is none. */
      readonly isNone: boolean;
    };

/** The texts of all files, or every reason why one can't be read. */
export function findFiles(named: readonly string[], cwd: string, readFile: FileReader): FoundFiles {
  return named.length > 0 ? readNamed(named, cwd, readFile) : findNearest(cwd, readFile);
}

function readNamed(named: readonly string[], cwd: string, readFile: FileReader): FoundFiles {
  const sources: SourceText[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const name of named) {
    const file = resolve(cwd, name);
    const read = tryToRead(file, readFile);
    if (read.ok) sources.push({ file, text: read.text });
    else diagnostics.push(unreadable(file, read));
  }
  const [first, ...rest] = sources;
  return first && diagnostics.length === 0
    ? { ok: true, sources: [first, ...rest] }
    : { ok: false, diagnostics, isNone: false };
}

function findNearest(cwd: string, readFile: FileReader): FoundFiles {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    for (const name of FILE_NAMES) {
      const file = join(folder, name);
      const read = tryToRead(file, readFile);
      if (read.ok) return withOverride({ file, text: read.text }, readFile);
      if (!read.isMissing) return { ok: false, diagnostics: [unreadable(file, read)], isNone: false };
    }
    if (dirname(folder) === folder) {
      return { ok: false, diagnostics: [nothingFound(resolve(cwd))], isNone: true };
    }
  }
}

function withOverride(first: SourceText, readFile: FileReader): FoundFiles {
  for (const name of OVERRIDE_NAMES) {
    const file = join(dirname(first.file), name);
    const read = tryToRead(file, readFile, 'regular');
    if (read.ok) return { ok: true, sources: [first, { file, text: read.text }] };
    if (read.isMissing) continue;
    const message = `Cannot read "${file}", which is taken by itself over "${basename(first.file)}": ${read.why}`;
    const hint = read.place === undefined ? OTHER_THAN_OVERRIDE : ENCODING_HINT;
    return { ok: false, diagnostics: [diagnosticAt(read.place, message, hint)], isNone: false };
  }
  return { ok: true, sources: [first] };
}

const OTHER_THAN_OVERRIDE = 'Make it readable, or name the files that are meant with -f FILE';

function unreadable(file: string, { why, place }: Extract<ReadText, { readonly ok: false }>): Diagnostic {
  const hint = place === undefined ? 'Name a file that can be read with -f FILE' : ENCODING_HINT;
  return diagnosticAt(place, `Cannot read the configuration "${file}": ${why}`, hint);
}

function nothingFound(cwd: string): Diagnostic {
  const message = `Cannot find a configuration: neither supervisor.yaml nor supervisor.yml is in "${cwd}" or a folder above it`;
  const hint = 'Write a supervisor.yaml ("orderly init" begins one), or name another file with -f FILE';
  return diagnosticAt(undefined, message, hint);
}
