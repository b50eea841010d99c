/**
 * What files say for all their services: `defaults`, `env`, `env_file` and `env_from`. Those of the whole configuration lie at
 * the bottom; those of an included file lie over them for its own services, and for the services of the files that it includes.
 */
import type { ConfigPath } from '../diagnostics/problem.ts';
import type { EnvCommand } from '../env-from-types.ts';
import type { GivenShared } from '../schema/config.ts';
import type { GivenService } from '../schema/service.ts';
import type { Template } from '../types.ts';
import type { EnvironmentFile, EnvironmentFiles, GivenEnvironment } from '../variables/environment.ts';

type Defaults = NonNullable<GivenShared['defaults']>;

/** Of one file. */
export interface SharedLayer {
  /** Of the file itself. */
  readonly path: ConfigPath;
  /** The whole file. */
  readonly written: unknown;
  readonly given: GivenShared;
}

/** Of all files that say something for a service. */
export interface Shared {
  /** The whole first, its own file last. */
  readonly layers: readonly SharedLayer[];
  /** Of all of them. */
  readonly defaults: GivenService;
}

/** What one file says, over what holds without it; undefined: nothing does. */
export function sharedBy(under: Shared | undefined, layer: SharedLayer): Shared {
  const defaults = layer.given.defaults ?? {};
  if (under === undefined) return { layers: [layer], defaults };
  if (Object.keys(layer.given).length === 0) return under;
  return { layers: [...under.layers, layer], defaults: layDefaults(under.defaults, defaults) };
}

/** Where a key of `defaults` is written last. */
export function defaultPath({ layers }: Shared, key: keyof Defaults): ConfigPath {
  const layer = layers.findLast(({ given }) => given.defaults?.[key] !== undefined);
  return [...(layer?.path ?? []), 'defaults', key];
}

/** Files of variables: those of each layer, then those of the service itself. */
export function environmentFilesOf(
  { layers }: Shared,
  own: readonly EnvironmentFile[] | null | undefined,
): readonly (readonly EnvironmentFile[])[] {
  return [...layers.map(({ given }) => given.env_file ?? []), own ?? []];
}

/**
 * Variables, later over earlier: of each layer what it says itself, and over it its files; then the files of the service. `over` is
 * what counts over all of them.
 */
export function sharedEnvironment(
  shared: Shared,
  own: readonly EnvironmentFile[] | null | undefined,
  { files, over }: { readonly files: EnvironmentFiles; readonly over: Readonly<Record<string, Template>> },
): readonly GivenEnvironment[] {
  const named = environmentFilesOf(shared, own);
  const values = [...files.valuesOf(named.flat(), over)];
  return named.flatMap((some, at) => [shared.layers[at]?.given.env, ...values.splice(0, some.length)]);
}

/** Commands that print variables, later over earlier. */
export function sharedCommands(
  { layers }: Shared,
  own: readonly EnvCommand[] | null | undefined,
): readonly EnvCommand[] {
  return [...layers.flatMap(({ given }) => given.env_from ?? []), ...(own ?? [])];
}

/** Those keys of a service whose own keys count one by one. */
const IN_PARTS = ['restart', 'stop', 'log', 'watchdog', 'limits', 'on'] as const;

/** Defaults over others, so that a service over both has what it would have over the one and then the other. */
function layDefaults(under: GivenService, over: GivenService): GivenService {
  const parts = IN_PARTS.map((key) => [key, laid(under[key], over[key])]);
  return {
    ...under,
    ...over,
    ...Object.fromEntries(parts.filter(([, value]) => value !== undefined)),
    ...(under.env && over.env && { env: new Map([...under.env, ...over.env]) }),
    ...(under.labels && over.labels && { labels: new Map([...under.labels, ...over.labels]) }),
    ...(under.health && over.health && { health: layHealth(under.health, over.health) }),
  };
}

function laid(under: object | null | undefined, over: object | null | undefined): unknown {
  return under && over ? { ...under, ...over } : undefined;
}

type Health = NonNullable<GivenService['health']>;

function layHealth(under: Health, over: Health): Health {
  const { kind, saysWhat } = over.saysWhat ? over : under;
  return { ...under, ...over, kind, saysWhat };
}
