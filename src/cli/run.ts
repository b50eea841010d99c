/**
 * `orderly run`: starts what a command or a service needs, runs it with the terminal's own stdin and stdout, shuts
 * down, and ends with its exit code. Where there is no configuration at all it just runs the command.
 */
import { findFiles } from '../config/find-files.ts';
import { emptyConfig } from '../config/resolve/config.ts';
import type { Edge, ServiceConfig } from '../config/types.ts';
import { graphOf } from '../graph/graph.ts';
import { planRun } from '../graph/plan-run.ts';
import { missingCommand } from '../preflight/missing-command.ts';
import { projectNamed } from './enter-project.ts';
import { loadProject, type Project, type ProjectOptions, planOptions, requireKnown } from './load-project.ts';
import { type RunOptions, superviseProject } from './supervise-project.ts';
import { type Ending, UsageError, type World } from './world.ts';

export interface RunCommandOptions extends ProjectOptions, RunOptions {
  readonly needs?: readonly string[];
  /**
   * Somebody holds the other end of this descriptor as long as the command is wanted. It runs only where the project
   * runs already, and is always a command.
   */
  readonly lifeline?: number | undefined;
}

export async function run(
  world: World,
  words: readonly string[],
  options: RunCommandOptions,
): Promise<Ending> {
  if (options.lifeline !== undefined) await obeyLifeline(world, options.lifeline);
  const project = isBare(world, options)
    ? emptyProject(world, options)
    : await loadProject(world, options, (config) => chosen(config.services, words, options));
  if (project === undefined) return { status: 2 };
  requireKnown(project.config, options.only);
  const service = serviceNamed(project.config.services, words, options);
  const specs = project.graph.services.map(project.graph.spec);
  const others = specs.filter(({ name }) => name !== service);
  if (service === undefined) {
    const missing = missingCommand(world, words, { services: project.config.services, others });
    if (missing !== undefined) {
      world.complain(`orderly: ${missing.message}`);
      return { status: missing.status };
    }
  }
  if (options.lifeline !== undefined) return joinOnly(world, project, words, options);
  const foreground =
    service === undefined
      ? commandService(words, others, world.cwd)
      : inForeground(project.graph.spec(service));
  const whole = withServices(world, project, [...others, foreground], options);
  const how = {
    ...options,
    foreground: foreground.name,
    exitCodeFrom: foreground.name,
    stopsAsTold: service === undefined,
  };
  // A service of the graph has one instance, and that is where the project runs.
  if (service !== undefined) return superviseProject(world, whole, how);
  return superviseProject(world, whole, how, {
    join: async (other) => (await import('./join/join-command.ts')).joinCommand(world, project, words, other),
  });
}

async function obeyLifeline(world: World, fd: number): Promise<void> {
  try {
    await world.obeyLifeline(fd);
  } catch (error) {
    throw new UsageError(`Cannot hear the end of descriptor ${fd}: ${(error as Error).message}`);
  }
}

/** Nothing is run here but the command. */
async function joinOnly(
  world: World,
  project: Project,
  words: readonly string[],
  options: RunCommandOptions,
): Promise<Ending> {
  const [file = ''] = project.config.files;
  const { joinCommand } = await import('./join/join-command.ts');
  const found = (await world.asClient()).findRun(projectNamed(world, file, options));
  const ending = found === undefined ? undefined : await joinCommand(world, project, words, found);
  if (ending !== undefined) return ending;
  const why = found === undefined ? "doesn't run" : 'has ended';
  throw new UsageError(`Cannot run ${words[0]}: ${JSON.stringify(file)} ${why}; start it with "orderly up"`);
}

/** Without any configuration there are no services: then all it can mean is the command. */
function isBare({ cwd, readFile }: World, { file = [], needs = [] }: RunCommandOptions): boolean {
  if (file.length > 0 || needs.length > 0) return false;
  const found = findFiles([], cwd, readFile);
  return !found.ok && found.isNone;
}

function emptyProject(world: World, options: ProjectOptions): Project {
  const config = emptyConfig(world.cwd);
  const graph = graphOf([]);
  const plan = planRun(config, graph, planOptions(world, options));
  return { config, graph, plan, locate: async () => [], files: [], warnings: [], missing: new Map() };
}

/** A single word that is the name of a service means that service. */
function serviceNamed(
  services: readonly ServiceConfig[],
  words: readonly string[],
  { lifeline }: RunCommandOptions,
): string | undefined {
  return words.length === 1 && lifeline === undefined
    ? services.find(({ name }) => name === words[0])?.name
    : undefined;
}

/** What to start: the service and what is needed besides; for a command without `--needs`, everything. */
function chosen(
  services: readonly ServiceConfig[],
  words: readonly string[],
  options: RunCommandOptions,
): readonly string[] {
  const { needs = [] } = options;
  const service = serviceNamed(services, words, options);
  return service === undefined ? needs : [service, ...needs];
}

function withServices(
  world: World,
  project: Project,
  services: readonly ServiceConfig[],
  options: ProjectOptions,
): Project {
  const graph = graphOf(services);
  return { ...project, graph, plan: planRun(project.config, graph, planOptions(world, options)) };
}

/** Its code is passed on, not judged. */
const EVERY_CODE: readonly number[] = Array.from({ length: 256 }, (_, code) => code);

/**
 * The command, as one more service of the graph: it has the terminal, and when it ends so does the run. It needs all of
 * `others` to be ready (tasks: completed).
 */
function commandService(
  words: readonly string[],
  others: readonly ServiceConfig[],
  cwd: string,
): ServiceConfig {
  return {
    name: freeName('run', new Set(others.map(({ name }) => name))),
    type: 'service',
    command: { kind: 'exec', argv: words },
    cwd,
    env: {},
    envInherit: true,
    dependsOn: others.map(needs),
    ready: undefined,
    restart: {
      policy: 'no',
      max: 0,
      windowMs: 0,
      delayMs: 0,
      factor: 1,
      maxDelayMs: 0,
      jitter: 0,
      resetAfterMs: 0,
      successCodes: EVERY_CODE,
    },
    onFailure: 'shutdown',
    stop: { signal: 'SIGTERM', graceMs: 10_000, command: undefined, target: 'group' },
    cleanup: [],
    log: { prefix: false },
    profiles: [],
    labels: {},
  };
}

/** A service of the graph, run once in the foreground: whoever runs it sees how it is. */
function inForeground({ health: _, watchdog: __, terminal: ___, ...spec }: ServiceConfig): ServiceConfig {
  return {
    ...spec,
    type: 'service',
    ready: undefined,
    restart: { ...spec.restart, policy: 'no', successCodes: EVERY_CODE },
    onFailure: 'shutdown',
    // It has the terminal, and not its file.
    log: { prefix: spec.log.prefix, ...(spec.log.print === false && { print: false }) },
  };
}

function needs(spec: ServiceConfig): Edge {
  const condition = spec.type === 'task' ? 'completed' : 'ready';
  return { service: spec.name, condition, optional: false, timeoutMs: undefined };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  return taken.has(wanted) ? freeName(`${wanted}_`, taken) : wanted;
}
