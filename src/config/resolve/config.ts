/**
 * From the merged document to the Config, with everything that is wrong with it.
 *
 * Decides over plain values; files of variables are read through the reader it is given.
 */
import { basename } from 'node:path';
import { didYouMean } from '../diagnostics/closest.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { type ConfigPath, type Problem, problemAt } from '../diagnostics/problem.ts';
import type { FileReader } from '../read-text.ts';
import { configObject, type GivenConfig, processObject, shutdownObject } from '../schema/config.ts';
import { isMeant, isWritten, layered } from '../schema/object.ts';
import { has, type ServiceEntry, serviceObject } from '../schema/service.ts';
import type { FoundReference } from '../schema/type.ts';
import type { Config, ServiceConfig } from '../types.ts';
import { environmentFiles } from '../variables/environment.ts';
import { describeValue, isMap } from '../yaml/document-value.ts';
import { resolveHooks } from './hooks.ts';
import { sharedFileProblems } from './log.ts';
import { type OwnVariables, ownVariables } from './own-variables.ts';
import { type IncludedFiles, readShared } from './read-shared.ts';
import { allDependencies, checkReferences, checkSharedReferences } from './references.ts';
import { resolveService, type Surroundings } from './service.ts';

export interface Sources {
  /** Absolute, the first one names the project. */
  readonly files: readonly string[];
  /** The folder of the first file. */
  readonly dir: string;
  readonly readFile: FileReader;
  readonly variable: (name: string) => string | undefined;
  readonly folderOf: (path: ConfigPath) => string;
  /** Where a service runs that doesn't say it. */
  readonly cwdOf: (service: string) => string;
  /** Files that are included; left out: none. */
  readonly included?: IncludedFiles;
  /** Some of it could not be read: what only seems to be missing is not told. */
  readonly isPartial?: boolean;
}

export interface Resolved {
  /** Of no use if there are errors. */
  readonly config: Config;
  readonly problems: readonly Problem[];
  /** Every service that is written, also one that is wrong otherwise, and what it is readably said to depend on. */
  readonly dependencies: readonly Dependencies[];
  /** Problems that already have their place, in other files. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where the variables of a service are set. */
  readonly environmentOf: (service: string) => OwnVariables;
}

/** What a service depends on, also where something else is wrong with it. */
export type Dependencies = Pick<ServiceConfig, 'name' | 'dependsOn'>;

/** Validates a document that is a map, and fills in every default. */
export function resolveConfig(document: unknown, sources: Sources): Resolved {
  const { variable, folderOf, files, dir, cwdOf, included, isPartial = false } = sources;
  const problems: Problem[] = [];
  const diagnostics: Diagnostic[] = [];
  const references: FoundReference[] = [];
  const isService = (name: string) => has(document, 'services', name);
  const reading = { problems, references, variable, folderOf, isService };
  const { given, sharedOf } = readShared(document, reading, included);
  for (const problem of checkSharedReferences(references)) problems.push(problem);
  const why = isPartial ? undefined : whyNothing(document);
  if (why !== undefined) problems.push(nothing(why));
  const environments = environmentFiles(sources.readFile, variable, problems, diagnostics);
  const services = resolveServices(given, problems, {
    sharedOf,
    files: environments,
    cwdOf,
    isPartial,
    problems,
  });
  if (!isPartial) for (const problem of successProblems(given, isService)) problems.push(problem);
  const config = configOf(given, files, dir, services);
  return {
    ...{ config, problems, dependencies: dependenciesOf(given, services), diagnostics },
    environmentOf(service) {
      const own = given.services?.get(service)?.given ?? {};
      return ownVariables({ service, own, document }, sharedOf(service), environments);
    },
  };
}

/** The configuration of a folder that has none, for a command that brings a service of its own. `dir` is absolute. */
export function emptyConfig(dir: string): Config {
  return configOf({}, [], dir, []);
}

function configOf(
  given: GivenConfig,
  files: readonly string[],
  dir: string,
  services: readonly ServiceConfig[],
): Config {
  const shutdown = layered(shutdownObject, given.shutdown);
  const processes = layered(processObject, given.process);
  return deepFreeze({
    name: given.name ?? (basename(dir) || 'orderly'),
    files,
    dir,
    shutdown: { budgetMs: shutdown('budget'), interruptGraceMs: shutdown('interrupt_grace') },
    process: { cgroup: processes('cgroup') },
    on: resolveHooks(given.on),
    onHangup: given.on_hangup ?? configObject.fields.on_hangup.initial!,
    ...(given.success && given.success !== 'all' && { success: given.success }),
    services,
  });
}

/** A name that nobody has would never end with success. */
function successProblems(
  { success, services }: GivenConfig,
  isService: (name: string) => boolean,
): readonly Problem[] {
  if (!success || typeof success === 'string') return [];
  if (success.length === 0)
    return [
      problemAt(['success'], '"success" names no service', 'Name those that must succeed, or write "all"'),
    ];
  return success.flatMap((name, index) =>
    isService(name)
      ? []
      : problemAt(
          ['success', index],
          `"success" names ${describeValue(name)}, which is no service`,
          didYouMean(name, services?.keys() ?? []),
        ),
  );
}

function dependenciesOf(given: GivenConfig, services: readonly ServiceConfig[]): readonly Dependencies[] {
  const resolved = new Map(services.map((service) => [service.name, service]));
  return [...(given.services ?? [])].flatMap(([name, entry]) =>
    entry ? [resolved.get(name) ?? { name, dependsOn: [] }] : [],
  );
}

function whyNothing(document: unknown): string | undefined {
  if (document === null || document === undefined) return 'The configuration is empty';
  if (!isMap(document)) return `The configuration must be a map, but is ${describeValue(document)}`;
  if (!isMeant(document, 'services', configObject)) return 'The configuration has no "services"';
  const isBare = isMap(document.services) && Object.keys(document.services).length === 0;
  return isBare ? 'The configuration has no service in "services"' : undefined;
}

function nothing(message: string): Problem {
  const hint = 'Write services: and below it the name of a service with its command';
  return { severity: 'error', message, path: ['services'], atKey: true, hint };
}

function resolveServices(
  given: GivenConfig,
  problems: Problem[],
  around: Omit<Surroundings, 'typeOf'> & { readonly isPartial: boolean },
): readonly ServiceConfig[] {
  const entries = new Map<string, ServiceEntry>();
  for (const [name, entry] of given.services ?? []) if (entry) entries.set(name, entry);
  const names = [...entries.keys()];
  const services: ServiceConfig[] = [];
  const typeOf = (name: string) => {
    const entry = entries.get(name);
    const type = entry && (entry.given.type ?? around.sharedOf(name).defaults.type);
    return entry && (type === 'task' ? type : 'service');
  };
  const dependsOn = (name: string) => {
    const entry = entries.get(name);
    return entry && layered(serviceObject, entry.given, around.sharedOf(name).defaults)('depends_on')?.keys();
  };
  const surroundings: Surroundings = { ...around, typeOf };
  for (const [name, entry] of entries) {
    const isReadable = 'depends_on' in entry.given || !isWritten(entry.written, 'depends_on');
    const isWhole = isReadable && !around.isPartial && !isWritten(entry.written, 'extends');
    if (entry.references.length > 0 && isWhole) {
      // One by one: as arguments of one call they may be more than the stack holds.
      const wrong = checkReferences(name, entry.references, allDependencies(name, dependsOn), names);
      for (const problem of wrong) problems.push(problem);
    }
    const service = resolveService(name, entry, surroundings);
    if (service) services.push(service);
  }
  for (const problem of sharedFileProblems(services)) problems.push(problem);
  return services;
}

/** The same value, frozen with everything in it. */
function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key in value) deepFreeze(value[key]);
  }
  return value;
}
