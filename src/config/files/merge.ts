/**
 * Later values over earlier ones: maps merge, lists and scalars replace, an empty value removes what an earlier one has
 * there. Pure; nothing given is changed.
 */
import type { ConfigPath } from '../diagnostics/problem.ts';
import { isMap } from '../yaml/document-value.ts';

/** The document that later ones make of earlier ones; empty ones don't count. */
export function mergeDocuments(documents: readonly unknown[]): unknown {
  const filled: readonly unknown[] = documents.filter(
    (document) => document !== null && document !== undefined,
  );
  return filled.length === 0 ? null : filled.reduce(merge);
}

export function merge(under: unknown, over: unknown): unknown {
  if (!isMap(under) || !isMap(over)) return over;
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) {
    if (value === null && merged.has(key)) merged.delete(key);
    else merged.set(key, merged.has(key) ? merge(merged.get(key), value) : value);
  }
  return Object.fromEntries(merged);
}

/** A map without some of its keys. */
export function without(
  map: Readonly<Record<string, unknown>>,
  ...keys: readonly string[]
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** Whether a document has something at this path, be it empty. */
export function hasPath(document: unknown, path: ConfigPath): boolean {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return false;
    value = (value as Record<string | number, unknown>)[key];
  }
  return true;
}

/** As they are written; none where that is no map. */
export function servicesOf(document: unknown): Readonly<Record<string, unknown>> {
  return isMap(document) && isMap(document.services) ? document.services : {};
}
