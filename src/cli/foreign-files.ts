/**
 * What is said of a file that was named with `-f` and is evidently of another tool: in place of every key that isn't known
 * here one sentence, with the command to type. It is found out only when something is wrong with the file.
 */
import { resolve } from 'node:path';
import { type Diagnostic, diagnosticAt } from '../config/diagnostics/diagnostic.ts';
import { decodeText, type FileReader } from '../config/read-text.ts';
import { readDocument } from '../config/yaml/read-document.ts';
import { shellWord } from './shell-word.ts';

type Texts = ReadonlyMap<string, string | Uint8Array>;

/** A reader that remembers what it has read: a file may be a pipe, which is read once. */
export function remembering(readFile: FileReader): { readonly readFile: FileReader; readonly texts: Texts } {
  const texts = new Map<string, string | Uint8Array>();
  return {
    texts,
    readFile(path, only) {
      const text = readFile(path, only);
      texts.set(path, text);
      return text;
    },
  };
}

/** `named`: as they were typed, from `cwd`; `diagnostics`: all that is wrong. */
export async function withForeignFiles(
  diagnostics: readonly Diagnostic[],
  named: readonly string[],
  cwd: string,
  texts: Texts,
): Promise<readonly Diagnostic[]> {
  let told = diagnostics;
  for (const name of named) {
    const file = resolve(cwd, name);
    const isWrong = diagnostics.some(({ severity, place }) => severity === 'error' && place?.file === file);
    const sentence = isWrong ? await foreignSentence(name, texts.get(file)) : undefined;
    if (sentence === undefined) continue;
    told = [
      diagnosticAt(undefined, sentence, undefined),
      ...told.filter(({ place }) => place?.file !== file),
    ];
  }
  return told;
}

async function foreignSentence(name: string, read: string | Uint8Array = ''): Promise<string | undefined> {
  const decoded = decodeText(read);
  if (!decoded.ok) return undefined;
  const { text } = decoded;
  const { value } = await readDocument({ file: name, text });
  const { CALLED, foreignFormat } = await import('../importers/formats.ts');
  const format = foreignFormat(name, text, value);
  if (format === undefined) return undefined;
  return `"${name}" looks like ${CALLED[format]}, not like a supervisor.yaml: "orderly import ${shellWord(name)}" writes one of it`;
}
