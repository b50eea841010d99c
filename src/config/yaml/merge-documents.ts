/**
 * Several files as one document: maps merge, lists and scalars replace, an empty value removes what an earlier
 * file has there.
 */
import { isMap } from './document-value.ts';

/** The document that later files make of earlier ones; empty ones don't count. Nothing given is changed. */
export function mergeDocuments(documents: readonly unknown[]): unknown {
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
export function indexOfSetter(documents: readonly unknown[], path: readonly (string | number)[]): number {
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
