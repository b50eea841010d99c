/**
 * How sentences name a place and a value of the configuration: `"stop.grace" of service "db"`, `the number 10`.
 */
import type { ConfigPath } from './problem.ts';
import { WrittenScalar } from './written-scalar.ts';

/** The subject of a sentence about this place, with a capital where it starts with a word. */
export function subjectOf(path: ConfigPath): string {
  const [first, service, ...rest] = path;
  if (first === undefined) return 'The configuration';
  if (first !== 'services' || service === undefined) return `"${keyText(path)}"`;
  return rest.length === 0 ? `Service "${service}"` : `"${keyText(rest)}" of service "${service}"`;
}

/** The owner of a key, for the end of a sentence: ` in "stop" of service "db"`, nothing at the root. */
export function ownerOf(path: ConfigPath): string {
  if (path.length === 0) return '';
  const subject = subjectOf(path);
  return ` in ${subject[0]!.toLowerCase()}${subject.slice(1)}`;
}

function keyText(path: ConfigPath): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** A value as it was written, or its kind. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof WrittenScalar) return value.source;
  if (typeof value === 'object')
    return Object.getPrototypeOf(value) === Object.prototype ? 'a map' : 'a value with a tag';
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}
