/**
 * From the definitions of a program to a configuration, and the functions that it speaks of; or everything that is wrong
 * with them at once.
 */
import { closest } from '../config/diagnostics/closest.ts';
import type { Problem } from '../config/diagnostics/problem.ts';
import { resolveConfig } from '../config/resolve/config.ts';
import type { Call, Config, ServiceConfig } from '../config/types.ts';
import { printable } from '../events/printable.ts';
import { buildGraph, type Graph } from '../graph/graph.ts';
import type { ShortCall } from '../tasks/call-commands.ts';
import type { ServiceBook } from '../tasks/service-book.ts';
import type { ServiceRun } from '../tasks/task-instance.ts';
import { type Duration, isFunction, type ServiceDefinition, type TaskOptions } from './definition.ts';
import { type Calls, callsOf, functionEntry, functionProblems, spell, withCalls } from './function-entry.ts';
import { shortCalls } from './short-calls.ts';

/** What `supervise` runs: what `defineService` made, and services of a configuration that `loadConfig` gave. */
export type Supervisable = ServiceDefinition | ServiceConfig;

export interface ProgramGraph {
  readonly config: Config;
  readonly graph: Graph;
  /** The functions by what stands for them. */
  readonly runs: ReadonlyMap<Call, ServiceRun>;
  readonly calls: ReadonlyMap<Call, ShortCall>;
  readonly hasProcesses: boolean;
}

export interface ProgramWorld {
  readonly name: string | undefined;
  readonly budget: Duration | undefined;
  readonly interruptGrace: Duration | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => string | Uint8Array;
  readonly book: ServiceBook;
  /** What stands for the functions of definitions that were read before: the same again is no change. */
  readonly known?: WeakMap<TaskOptions, Calls>;
}

type Program = { readonly graph: ProgramGraph } | { readonly problems: readonly Problem[] };

export function programGraph(services: readonly Supervisable[], world: ProgramWorld): Program {
  const problems: Problem[] = [...doubled(services), ...empty(services)];
  const tasks = new Map<string, { readonly options: TaskOptions; readonly calls: Calls }>();
  const loaded = new Map<string, ServiceConfig>();
  const entries: Record<string, unknown> = {};
  for (const service of services) {
    const { name } = service;
    if (!('options' in service)) {
      loaded.set(name, service);
      const { type, dependsOn } = service;
      entries[name] = { type, command: ['loaded'], depends_on: dependsOn.map((edge) => edge.service) };
    } else if (isFunction(service.options)) {
      const options = service.options;
      problems.push(...functionProblems(options));
      const calls = world.known?.get(options) ?? callsOf(options);
      world.known?.set(options, calls);
      tasks.set(name, { options, calls });
      entries[name] = functionEntry(options);
    } else {
      const { name: _, ...options } = service.options;
      problems.push(...extendsNothing(name, options));
      entries[name] = spell({ ...options });
    }
  }
  const resolved = resolve(entries, world);
  problems.push(...resolved.problems);
  const specs = resolved.config.services.map((spec) => {
    const task = tasks.get(spec.name);
    return task === undefined ? (loaded.get(spec.name) ?? spec) : withCalls(spec, task.calls);
  });
  const built = buildGraph({ services: specs }, closest);
  if (!built.ok) problems.push(...built.problems);
  if (!built.ok || problems.some(({ severity }) => severity === 'error')) return { problems };
  const calls = [...tasks].flatMap(([name, task]) => shortCalls(name, task.options, task.calls, world.book));
  return {
    graph: {
      config: { ...resolved.config, services: specs },
      graph: built.graph,
      runs: new Map([...tasks.values()].map((task) => [task.calls.run, task.options.run as ServiceRun])),
      calls: new Map(calls),
      hasProcesses: tasks.size < specs.length,
    },
  };
}

function resolve(
  services: Readonly<Record<string, unknown>>,
  { name, budget, interruptGrace, cwd, env, readFile }: ProgramWorld,
): { readonly config: Config; readonly problems: readonly Problem[] } {
  const shutdown = spell({ budget, interruptGrace });
  const { config, problems } = resolveConfig(
    { ...(name !== undefined && { name }), shutdown, services },
    {
      files: [],
      dir: cwd,
      readFile,
      variable: (variable) => (Object.hasOwn(env, variable) ? env[variable] : undefined),
      folderOf: () => cwd,
      cwdOf: () => cwd,
    },
  );
  return { config, problems };
}

/** It is a key of files: a program has better ways to share options. */
function extendsNothing(name: string, options: object): readonly Problem[] {
  if (!('extends' in options) || options.extends === undefined) return [];
  const message = `"extends" of service "${name}" has no meaning in a program: spread the options of the other one`;
  return [{ severity: 'error', path: ['services', name, 'extends'], message }];
}

function empty(services: readonly Supervisable[]): readonly Problem[] {
  if (services.length > 0) return [];
  return [{ severity: 'error', path: ['services'], message: 'There is no service to supervise' }];
}

function doubled(services: readonly Supervisable[]): readonly Problem[] {
  const names = services.map(({ name }) => name);
  const twice = new Set(names.filter((name, at) => names.indexOf(name) < at));
  return [...twice].map((name) => ({
    severity: 'error',
    path: ['services', name],
    message: `There are two services called "${name}"`,
  }));
}

// The error of definitions that can't be: each problem as data, and as a line of its message.

/** Thrown by `supervise` for services that can't be, all that is wrong with them at once: nothing was started. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
  /** Each with the path of its key, as in `supervisor.yaml`. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`Cannot run these services:\n${problems.map(lineOf).join('\n')}`);
    this.problems = problems;
  }
}

function lineOf({ message, hint }: Problem): string {
  return printable(`  ${message}${hint === undefined ? '' : `. ${hint}`}`);
}
