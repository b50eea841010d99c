/**
 * Objects with known keys, each with its type, its default and a sentence about it.
 *
 * An object reads into what was given, no more: defaults come later, by `layered`, when the `defaults:` of the
 * file are laid under it. An empty value (`null`) is kept as null: it removes what would come from there.
 */
import { closest, didYouMean } from '../diagnostics/closest.ts';
import { describeValue, isMap } from '../yaml/document-value.ts';
import { foreignKey, ownKey } from './foreign-words.ts';
import {
  type At,
  inside,
  type JsonSchema,
  orEmpty,
  ownerAt,
  type ReadScope,
  report,
  reportMismatch,
  rootOf,
  type Type,
} from './type.ts';

export interface Field<T, HasDefault extends boolean = boolean> {
  readonly type: Type<T>;
  readonly about: string;
  /** The default as it would be written, and as it is read. */
  readonly written: HasDefault extends true ? unknown : undefined;
  readonly initial: HasDefault extends true ? T : undefined;
  /** Known only to say that it isn't there yet. */
  readonly supported: boolean;
}

export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What was written: null where a value is empty. */
export type Given<F extends Fields> = { readonly [K in keyof F]?: TypeOf<F[K]> | null };

/** With defaults; undefined where there is none. */
export type Filled<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T, true> ? T : TypeOf<F[K]> | undefined;
};

type TypeOf<F> = F extends Field<infer T> ? T : never;

export interface ObjectType<F extends Fields> extends Type<Given<F>> {
  readonly fields: F;
}

export function field<T>(type: Type<T>, about: string): Field<T, false>;
export function field<T>(type: Type<T>, about: string, written: unknown): Field<T, true>;
export function field<T>(type: Type<T>, about: string, written?: unknown): Field<T> {
  const initial = written === undefined ? undefined : type.read(written, rootOf(NOWHERE));
  return { type, about, written, initial, supported: true };
}

const NOWHERE: ReadScope = {
  problems: [],
  references: [],
  variable: () => undefined,
  isService: () => false,
  isGiven: () => false,
  folderOf: () => '',
};

/** A key that is known elsewhere, and refused here with a reason. */
export function refusedField(type: Type<never>): Field<never, false> {
  return { type, about: '', written: undefined, initial: undefined, supported: false };
}

export function object<F extends Fields>(fields: F): ObjectType<F> {
  return {
    fields,
    read(value, at) {
      if (!isMap(value)) return reportMismatch(at, 'a map', value);
      const given: Record<string, unknown> = {};
      for (const key of Object.keys(value)) {
        const known = Object.hasOwn(fields, key) ? fields[key] : undefined;
        if (!known) {
          if (!key.startsWith('x-')) reportUnknownKey(inside(at, key), key, fields);
        } else if (value[key] === null) {
          given[key] = null;
        } else {
          const read = known.type.read(value[key], inside(at, key));
          if (read !== undefined) given[key] = read;
        }
      }
      return given as Given<F>;
    },
    json: () => objectJson(fields),
  };
}

function reportUnknownKey(at: At, key: string, fields: Fields): undefined {
  const owner = ownerAt(at.up!);
  const known = Object.keys(fields).filter((name) => fields[name]!.supported);
  const hint =
    foreignKey(key, (own) => known.includes(own)) ??
    didYouMean(key, Object.keys(fields)) ??
    `Known keys: ${known.join(', ')}`;
  return report(at, `Unknown key ${describeValue(key)}${owner}`, hint, true);
}

function objectJson(fields: Fields): JsonSchema {
  const properties = Object.entries(fields)
    .filter(([, { supported }]) => supported)
    .map(([key, { type, about, written }]) => [
      key,
      { ...orEmpty(type.json()), description: about, ...(written === undefined ? {} : { default: written }) },
    ]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    patternProperties: { '^x-': {} },
    additionalProperties: false,
  };
}

/**
 * Gives the value of a key: the one given, else the one of the lower layer, else the default. An empty value
 * (null) stops at the default; null for the whole object ignores both layers.
 */
export function layered<F extends Fields>(
  { fields }: ObjectType<F>,
  given: Given<F> | null | undefined,
  under?: Given<F> | null,
): <K extends keyof F>(key: K) => Filled<F>[K] {
  // No object is made of all keys: with hundreds of services that is a good part of the start.
  return (key) => {
    let value: unknown = given?.[key];
    if (value === undefined && given !== null) value = under?.[key];
    return (value ?? fields[key]!.initial) as Filled<F>[typeof key];
  };
}

/** An object, or a short form of it. */
export function orShort<F extends Fields, S>(
  full: ObjectType<F>,
  short: Type<S>,
  expand: (short: S) => Given<F>,
): Type<Given<F>> {
  return {
    read(value, at) {
      if (isMap(value)) return full.read(value, at);
      const read = short.read(value, at);
      return read === undefined ? undefined : expand(read);
    },
    json: () => ({ anyOf: [short.json(), full.json()] }),
  };
}

/** Whether a key of the document is there and not empty, readable or not. */
export function isWritten(written: unknown, key: string): boolean {
  return isMap(written) && Object.hasOwn(written, key) && written[key] !== null;
}

/** Whether a key is there, be it misspelt or by the name that it has elsewhere: then it isn't missing. */
export function isMeant(written: unknown, key: string, { fields }: ObjectType<Fields>): boolean {
  if (!isMap(written) || isWritten(written, key)) return true;
  const names = Object.keys(fields);
  return Object.keys(written).some(
    (name) =>
      !Object.hasOwn(fields, name) &&
      (closest(name, names) === key || ownKey(name, (own) => own === key) !== undefined),
  );
}
