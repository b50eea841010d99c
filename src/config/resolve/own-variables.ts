/**
 * Where each variable that the configuration gives a service is set: the last place that sets it. Pure, but for lines of
 * files, which are read already.
 */
import type { ConfigPath } from '../diagnostics/problem.ts';
import type { GivenConfig } from '../schema/config.ts';
import { layered } from '../schema/object.ts';
import { serviceObject } from '../schema/service.ts';
import type { EnvironmentFiles, GivenEnvironment } from '../variables/environment.ts';
import { scalarText } from '../yaml/document-value.ts';

/** A place of the configuration, with the text that is written there; or a line of a file of variables. */
export type VariableSource =
  | { readonly kind: 'env'; readonly path: ConfigPath; readonly written: string }
  | { readonly kind: 'env_file'; readonly file: string; readonly line: number };

export type OwnVariables = ReadonlyMap<string, VariableSource>;

/** Of one service, by their names; what is taken away again is left out. The layers are those of `resolveService`. */
export function ownVariables(
  service: string,
  document: unknown,
  given: GivenConfig,
  files: EnvironmentFiles,
): OwnVariables {
  const own = given.services?.get(service)?.given ?? {};
  const defaults = given.defaults ?? {};
  const found = new Map<string, VariableSource>();
  const put = (layer: GivenEnvironment, path: ConfigPath): void => {
    for (const [name, value] of layer ?? []) {
      const place = [...path, name];
      const written = scalarText(valueAt(document, place)) ?? '';
      if (value === null) found.delete(name);
      else found.set(name, { kind: 'env', path: place, written });
    }
  };
  put(given.env, ['env']);
  const named = [...(given.env_file ?? []), ...(layered(serviceObject, own, defaults)('env_file') ?? [])];
  for (const { file } of named)
    for (const [name, line] of files.linesOf(file)) found.set(name, { kind: 'env_file', file, line });
  if (own.env !== null) put(defaults.env, ['defaults', 'env']);
  put(own.env, ['services', service, 'env']);
  return found;
}

function valueAt(document: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, key) => (value as Readonly<Record<string, unknown>>)[key], document);
}
