/**
 * Where each variable that the configuration gives a service is set: the last place that sets it. Pure, but for lines of
 * files, which are read already.
 */
import type { ConfigPath } from '../diagnostics/problem.ts';
import { layered } from '../schema/object.ts';
import { type GivenService, serviceObject } from '../schema/service.ts';
import type { EnvironmentFile, EnvironmentFiles, GivenEnvironment } from '../variables/environment.ts';
import { scalarText } from '../yaml/document-value.ts';
import { environmentFilesOf, type Shared } from './shared.ts';

/** A place of the configuration, with the text that is written there; or a line of a file of variables. */
export type VariableSource =
  | { readonly kind: 'env'; readonly path: ConfigPath; readonly written: string }
  | { readonly kind: 'env_file'; readonly file: string; readonly line: number };

export type OwnVariables = ReadonlyMap<string, VariableSource>;

export interface ReadService {
  readonly service: string;
  readonly own: GivenService;
  /** The whole. */
  readonly document: unknown;
}

/** Of one service, by their names; what is taken away again is left out. The layers are those of `resolveService`. */
export function ownVariables(
  { service, own, document }: ReadService,
  shared: Shared,
  files: EnvironmentFiles,
): OwnVariables {
  const { layers, defaults } = shared;
  const found = new Map<string, VariableSource>();
  const put = (layer: GivenEnvironment, base: ConfigPath, path: ConfigPath, written: unknown): void => {
    for (const [name, value] of layer ?? []) {
      const text = scalarText(valueAt(written, [...path, name])) ?? '';
      if (value === null) found.delete(name);
      else found.set(name, { kind: 'env', path: [...base, ...path, name], written: text });
    }
  };
  const putFiles = (named: readonly EnvironmentFile[] = []): void => {
    for (const { file } of named)
      for (const [name, line] of files.linesOf(file)) found.set(name, { kind: 'env_file', file, line });
  };
  const named = environmentFilesOf(shared, layered(serviceObject, own, defaults)('env_file'));
  for (const [at, { path, written, given }] of layers.entries()) {
    put(given.env, path, ['env'], written);
    putFiles(named[at]);
  }
  putFiles(named.at(-1));
  // An empty value stops what lies below it.
  const bottom =
    own.env === null ? layers.length : layers.findLastIndex(({ given }) => given.defaults?.env === null);
  for (const { path, written, given } of layers.slice(bottom + 1))
    put(given.defaults?.env, path, ['defaults', 'env'], written);
  put(own.env, [], ['services', service, 'env'], document);
  return found;
}

function valueAt(document: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], document);
}
