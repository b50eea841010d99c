/**
 * What the definition of the configuration is built of: a type reads a plain value, and describes itself as JSON
 * Schema. Own small combinators instead of a library: they cost nothing at start-up, coerce (durations,
 * shorthands, interpolated texts) and go on after a problem, so that all of them are found in one pass.
 */
import {
  type ConfigPath,
  innerSubjectOf,
  ownerOf,
  type Problem,
  problemAt,
  subjectOf,
} from '../diagnostics/problem.ts';
import type { ValueReference } from '../types.ts';
import { describeValue } from '../yaml/document-value.ts';

export type JsonSchema = { readonly [key: string]: unknown };

/** A reported value that a text of the document waits for. */
export interface FoundReference {
  readonly reference: ValueReference;
  readonly path: ConfigPath;
}

/** What reading needs from outside, and where it leaves what it found. */
export interface ReadScope {
  readonly problems: Problem[];
  readonly references: FoundReference[];
  readonly variable: (name: string) => string | undefined;
  readonly isService: (name: string) => boolean;
  /** Whether a service is given that variable by the configuration; undefined: the one that is read here. */
  readonly isGiven: (name: string, service?: string) => boolean;
  /** Commands print variables for it, which are not known here. */
  readonly prints?: (service?: string) => boolean;
  /** The folder that a relative path written at this place is relative to. */
  readonly folderOf: (path: ConfigPath) => string;
}

/** The place of a value in the document; paths are made only when there is a problem. */
export interface At {
  readonly scope: ReadScope;
  readonly up: At | undefined;
  readonly key: string | number;
}

export interface Type<T> {
  /** The value read; undefined when something is wrong, which is then in the scope's problems. Never throws. */
  readonly read: (value: unknown, at: At) => T | undefined;
  readonly json: () => JsonSchema;
}

/** The root of a document. */
export function rootOf(scope: ReadScope): At {
  return { scope, up: undefined, key: '' };
}

export function inside(at: At, key: string | number): At {
  return { scope: at.scope, up: at, key };
}

export function pathOf(at: At): ConfigPath {
  const path: (string | number)[] = [];
  for (let step: At = at; step.up; step = step.up) path.push(step.key);
  return path.reverse();
}

/** The subject of a sentence about this place. */
export function subjectAt(at: At): string {
  return subjectOf(pathOf(at));
}

/** The same within a sentence. */
export function innerSubjectAt(at: At): string {
  return innerSubjectOf(pathOf(at));
}

/** For the end of a sentence about a key in this place. */
export function ownerAt(at: At): string {
  return ownerOf(pathOf(at));
}

/** Adds an error at this place. */
export function report(at: At, message: string, hint?: string, atKey = false): undefined {
  at.scope.problems.push({ ...problemAt(pathOf(at), message, hint), atKey });
  return undefined;
}

/** Adds `"x" of service "s" must be …, but is …`. `value`: as it is written. */
export function reportMismatch(at: At, wanted: string, value: unknown, hint?: string): undefined {
  return report(at, `${subjectAt(at)} must be ${wanted}, but is ${shown(value)}`, hint);
}

/** Adds what is no mistake, and is most likely not what was meant. */
export function warn(at: At, message: string, hint: string): void {
  at.scope.problems.push({ severity: 'warning', message, path: pathOf(at), hint });
}

/** Adds `"x" of service "s" cannot be …: why`. `value`: as it is written. */
export function reportUnusable(at: At, value: unknown, why: string, hint?: string): undefined {
  return report(at, `${subjectAt(at)} cannot be ${shown(value)}: ${why}`, hint);
}

const HAS_VARIABLE = /\$\{\w+[}:?+-]/;

/** What a variable stands for isn't shown: it may come from a file of secrets. */
function shown(value: unknown): string {
  const isFilled = typeof value === 'string' && HAS_VARIABLE.test(value);
  return isFilled ? `${describeValue(value)} filled in` : describeValue(value);
}

/** A type whose value is checked, or made into something else; `convert` reports what is wrong and gives undefined. */
export function then<T, U>(
  type: Type<T>,
  convert: (read: T, at: At, written: unknown) => U | undefined,
): Type<U> {
  return {
    read(value, at) {
      const read = type.read(value, at);
      return read === undefined ? undefined : convert(read, at, value);
    },
    json: type.json,
  };
}

/** A type whose JSON Schema is written once, under `$defs`; made when first used, so that types can be recursive. */
export interface NamedType<T> extends Type<T> {
  readonly name: string;
  readonly definition: () => JsonSchema;
}

export function named<T>(name: string, make: () => Type<T>): NamedType<T> {
  let made: Type<T> | undefined;
  const type = (): Type<T> => {
    made ??= make();
    return made;
  };
  return {
    name,
    read: (value, at) => type().read(value, at),
    json: () => ({ $ref: `#/$defs/${name}` }),
    definition: () => type().json(),
  };
}

/** A schema that takes an empty value too: it removes what would come from elsewhere. */
export function orEmpty(schema: JsonSchema): JsonSchema {
  const options = Array.isArray(schema.anyOf) ? schema.anyOf : [schema];
  return { anyOf: [...options, { type: 'null' }] };
}
