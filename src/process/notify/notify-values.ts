/**
 * What a program reported with being ready, made into texts.
 */
import type { Values } from '../../events/values.ts';

/** Texts, numbers and booleans by their names; what is neither has no form that a dependent could use. */
export function toValues(reported: unknown): Values {
  const values: Record<string, string> = {};
  if (!isObject(reported)) return values;
  for (const [name, value] of Object.entries(reported)) {
    if (typeof value === 'string') values[name] = value;
    else if (typeof value === 'number' || typeof value === 'boolean') values[name] = String(value);
  }
  return values;
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
