/**
 * Looking at what was thrown, which may be anything: undefined, a revoked proxy, an error whose getters throw, a group
 * that holds itself. Nothing here throws, and nothing of what is looked at is called but its getters.
 */
import { inspect } from 'node:util';

/** `instanceof` of what may be a proxy that throws when it is asked. */
export function isA<T>(thrown: unknown, type: abstract new (...parameters: never[]) => T): thrown is T {
  try {
    return thrown instanceof type;
  } catch {
    return false;
  }
}

/** A property of it; undefined where there is none, or where it can't be read. */
export function partOf(thrown: unknown, key: 'name' | 'message' | 'cause' | 'stack' | 'errors'): unknown {
  if (thrown === null || (typeof thrown !== 'object' && typeof thrown !== 'function')) return undefined;
  try {
    return (thrown as Partial<Record<typeof key, unknown>>)[key];
  } catch {
    return undefined;
  }
}

/** What is in a group error; undefined: it is none, or can't be read. */
export function errorsOf(thrown: unknown): readonly unknown[] | undefined {
  if (!isA(thrown, AggregateError)) return undefined;
  try {
    const errors: unknown = thrown.errors;
    return Array.isArray(errors) ? [...errors] : undefined;
  } catch {
    return undefined;
  }
}

/** The name of an error, `Error` where it says none; undefined: it is no error. */
export function nameOf(thrown: unknown): string | undefined {
  if (typeof partOf(thrown, 'message') !== 'string') return undefined;
  const name = partOf(thrown, 'name');
  return typeof name === 'string' && name !== '' ? name : 'Error';
}

/** What it says: an error's message, or its name where that is empty; of anything else a short picture. */
export function messageOf(thrown: unknown): string {
  const name = nameOf(thrown);
  if (name !== undefined) return (partOf(thrown, 'message') as string) || name;
  return isObject(thrown) ? pictureOf(thrown) : String(thrown);
}

/** Name and message, as `String` gives them of an error. */
export function errorText(thrown: unknown): string {
  const name = nameOf(thrown);
  const message = messageOf(thrown);
  return name === undefined || message === name ? message : `${name}: ${message}`;
}

/** Its trace, or what there is instead. */
export function traceOf(thrown: unknown): string {
  const stack = partOf(thrown, 'stack');
  return typeof stack === 'string' && stack !== '' ? stack : errorText(thrown);
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

const longestPicture = 200;

function pictureOf(thrown: object): string {
  try {
    const text = inspect(thrown, { depth: 1, breakLength: Number.POSITIVE_INFINITY, customInspect: false });
    return text.length > longestPicture ? `${text.slice(0, longestPicture)} …` : text;
  } catch {
    return 'an object that cannot be shown';
  }
}
