/**
 * Reads the keys of the whole configuration, and what included files say for all their services.
 */
import { pathInIncluded } from '../diagnostics/problem.ts';
import { configObject, type GivenConfig, sharedObject } from '../schema/config.ts';
import { isWritten } from '../schema/object.ts';
import { has } from '../schema/service.ts';
import { inside, type ReadScope, rootOf } from '../schema/type.ts';
import { isMap } from '../yaml/document-value.ts';
import { type Shared, type SharedLayer, sharedBy } from './shared.ts';

export interface IncludedFiles {
  readonly documents: readonly { readonly file: string; readonly value: unknown }[];
  /** By one of those: the file that includes it, which may be none of them. */
  readonly includers: ReadonlyMap<string, string>;
  /** Which of them a service stands in; undefined: in none. */
  readonly fileOf: (service: string) => string | undefined;
}

export interface ReadShared {
  readonly given: GivenConfig;
  /** What files say for a service. */
  readonly sharedOf: (service: string) => Shared;
}

const NONE: IncludedFiles = { documents: [], includers: new Map(), fileOf: () => undefined };

/** What is wrong goes to the problems of that scope. */
export function readShared(
  document: unknown,
  reading: Omit<ReadScope, 'isGiven' | 'prints'>,
  { documents, includers, fileOf }: IncludedFiles = NONE,
): ReadShared {
  const values = new Map(documents.map(({ file, value }) => [file, value]));
  /** Everything that says something for the services of a file; undefined: for all. */
  const writtenFor = (file: string | undefined): readonly unknown[] =>
    file === undefined || !values.has(file)
      ? [document]
      : [values.get(file), ...writtenFor(includers.get(file))];
  const scopeOf = (ofFile: (service: string | undefined) => string | undefined): ReadScope => ({
    ...reading,
    isGiven: (name, service) =>
      writtenFor(ofFile(service)).some((one) => has(one, 'env', name) || has(defaultsIn(one), 'env', name)),
    prints: (service) => writtenFor(ofFile(service)).some((one) => prints(one) || prints(defaultsIn(one))),
  });
  const root = rootOf(scopeOf((service) => (service === undefined ? undefined : fileOf(service))));
  const given = (isMap(document) ? configObject.read(document, root) : undefined) ?? {};
  const whole = sharedBy(undefined, { path: [], written: document, given });
  const layers = new Map(
    documents.map(({ file, value }): [string, SharedLayer] => {
      const at = inside(inside(rootOf(scopeOf(() => file)), 'include'), file);
      const path = pathInIncluded(file);
      return [file, { path, written: value, given: sharedObject.read(sharedIn(value), at) ?? {} }];
    }),
  );
  const known = new Map<string, Shared>();
  const ofFile = (file: string | undefined): Shared => {
    const layer = file === undefined ? undefined : layers.get(file);
    if (file === undefined || layer === undefined) return whole;
    const shared = known.get(file) ?? sharedBy(ofFile(includers.get(file)), layer);
    known.set(file, shared);
    return shared;
  };
  return { given, sharedOf: (service) => ofFile(fileOf(service)) };
}

function defaultsIn(written: unknown): unknown {
  return isMap(written) ? written.defaults : undefined;
}

function prints(written: unknown): boolean {
  return isMap(written) && isWritten(written, 'env_from');
}

/** All else that stands in an included file is looked at elsewhere. */
function sharedIn(written: unknown): Readonly<Record<string, unknown>> {
  const keys = Object.keys(sharedObject.fields);
  return isMap(written)
    ? Object.fromEntries(Object.entries(written).filter(([key]) => keys.includes(key)))
    : {};
}
