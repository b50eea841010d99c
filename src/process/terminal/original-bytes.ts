/**
 * Gives back the bytes of arguments and variables that are no UTF-8: Node reads them as text, and puts U+FFFD in the
 * place of what isn't. File names may be in Latin-1.
 */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';

const REPLACEMENT = '\ufffd';

/** Some of it may have been other bytes when we were started. */
export function mayBeGarbled(texts: Iterable<string>): boolean {
  for (const text of texts) if (text.includes(REPLACEMENT)) return true;
  return false;
}

/** The words, the last ones of which are those that we were started with, as bytes where they came so. */
export function withOriginals(words: readonly string[], originals: readonly Buffer[]): (string | Buffer)[] {
  const shift = originals.length - words.length;
  return words.map((word, index) => {
    const original = originals[index + shift];
    return original !== undefined && word.includes(REPLACEMENT) && original.toString() === word
      ? original
      : word;
  });
}

/** `NAME=value` for each variable, as bytes where it was inherited so. */
export function environmentWords(
  env: Readonly<Record<string, string>>,
  originals: readonly Buffer[],
): (string | Buffer)[] {
  const words = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  if (!mayBeGarbled(words)) return words;
  const byText = new Map(originals.map((original) => [original.toString(), original]));
  return words.map((word) => (word.includes(REPLACEMENT) ? (byText.get(word) ?? word) : word));
}

/** The names of those that were inherited as bytes that are no UTF-8; looked for only where it may be so. */
export function garbledVariables(
  env: Readonly<Record<string, string | undefined>>,
  originals: () => readonly Buffer[],
): readonly string[] {
  if (!mayBeGarbled(Object.values(env).filter((value) => value !== undefined))) return [];
  return originals()
    .filter((original) => !isUtf8(original))
    .map((original) => original.toString().split('=', 1)[0] ?? '');
}

/** What we were started with; empty where there is no `/proc`. */
export function readOriginals(file: 'cmdline' | 'environ'): readonly Buffer[] {
  try {
    return splitAtNul(readFileSync(`/proc/self/${file}`));
  } catch {
    // No /proc.
    return [];
  }
}

/** Each ends with a NUL. */
export function splitAtNul(bytes: Buffer): readonly Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at);
    const to = end === -1 ? bytes.length : end;
    parts.push(bytes.subarray(at, to));
    at = to + 1;
  }
  return parts;
}
