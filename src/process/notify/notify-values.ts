/**
 * What a program reported with being ready, made into texts.
 */
import type { Values } from '../../events/values.ts';

/** Texts, numbers and booleans by their names; what is neither has no form that a dependent could use. */
export function toValues(reported: unknown): Values {
  if (!isObject(reported)) return {};
  const values = Object.entries(reported).flatMap(([name, value]) => {
    const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return isText ? [[name, String(value)] as const] : [];
  });
  // Not by assignment: `__proto__` is a name like others.
  return Object.fromEntries(values);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON in a text; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
