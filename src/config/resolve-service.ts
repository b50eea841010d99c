/**
 * From what is written about a service, and the defaults for all, to its ServiceConfig.
 */

import { formatDuration } from './duration.ts';
import {
  type EnvironmentFile,
  type EnvironmentFiles,
  type GivenEnvironment,
  layerEnvironment,
} from './environment.ts';
import type { Problem } from './problem.ts';
import { resolveHealth } from './resolve-health.ts';
import { asksDirect, logProblems, resolveLog } from './resolve-log.ts';
import { lastingLoss, resolveOnLoss } from './resolve-on-loss.ts';
import { resolveRights } from './resolve-rights.ts';
import { resolveWatchdog } from './resolve-watchdog.ts';
import { DEFAULT_WITHIN_MS } from './schema-condition.ts';
import { withoutNulls } from './schema-condition-kind.ts';
import type { GivenEdge } from './schema-edge.ts';
import { isMeant, layered } from './schema-object.ts';
import {
  type GivenService,
  restartObject,
  type ServiceEntry,
  serviceObject,
  stopObject,
} from './schema-service.ts';
import type { Condition, Edge, RestartPolicy, ServiceConfig, StopPolicy } from './types.ts';

/** What is the same for every service. */
export interface Surroundings {
  readonly defaults: GivenService;
  readonly env: GivenEnvironment;
  readonly envFiles: readonly EnvironmentFile[];
  readonly files: EnvironmentFiles;
  readonly dir: string;
  readonly typeOf: (service: string) => 'service' | 'task' | undefined;
  readonly problems: Problem[];
}

/** The service; undefined if it has no command, which is reported. */
export function resolveService(
  name: string,
  entry: ServiceEntry,
  around: Surroundings,
): ServiceConfig | undefined {
  const { given: own } = entry;
  const { defaults, problems, files } = around;
  const get = layered(serviceObject, own, defaults);
  const type = get('type');
  const { env, unset } = layerEnvironment([
    around.env,
    ...[...around.envFiles, ...(get('env_file') ?? [])].map((file) => files.valuesOf(file)),
    own.env === null ? undefined : defaults.env,
    own.env,
  ]);
  const inherit = get('env_inherit');
  const command = get('command');
  if (command === undefined) {
    if (!isMeant(entry.written, 'command', serviceObject)) problems.push(noCommand(name));
    return undefined;
  }
  const ready = resolveReady(name, type, own, around);
  const direct = asksDirect(own.log, defaults.log);
  const { health, problems: ofHealth } = resolveHealth({ name, type, ready }, own.health, defaults.health);
  const service: ServiceConfig = {
    name,
    type,
    command,
    cwd: get('cwd') ?? around.dir,
    env,
    ...(unset.length > 0 ? { envUnset: unset } : {}),
    envInherit: typeof inherit === 'boolean' ? inherit || [] : inherit,
    ...resolveRights(own, defaults),
    dependsOn: resolveEdges(name, get('depends_on'), around),
    ready,
    ...(health && { health }),
    ...resolveWatchdog(
      { name, type, ready, ...(health && { health }), asksDirect: direct },
      entry,
      defaults,
      problems,
    ),
    restart: resolveRestart(type, own, defaults),
    onFailure: get('on_failure'),
    stop: resolveStop(own, defaults),
    cleanup: get('cleanup') ?? [],
    log: resolveLog(own.log, defaults.log),
    profiles: get('profiles') ?? [],
    labels: resolveLabels(own.labels, defaults.labels),
  };
  problems.push(...ofHealth, ...logProblems(service, direct));
  return service;
}

function noCommand(name: string): Problem {
  return {
    severity: 'error',
    message: `Service "${name}" has no "command"`,
    path: ['services', name],
    atKey: true,
    hint: 'Write what to execute as "command"',
  };
}

function resolveEdges(
  name: string,
  given: ReadonlyMap<string, GivenEdge> | undefined,
  { typeOf, problems }: Surroundings,
): readonly Edge[] {
  const edges: Edge[] = [];
  for (const [service, edge] of given ?? []) {
    const condition = edge.condition ?? (typeOf(service) === 'task' ? 'completed' : 'ready');
    edges.push({
      service,
      condition,
      optional: edge.optional ?? false,
      timeoutMs: edge.timeout ?? undefined,
      ...resolveOnLoss(edge),
    });
    const onLossProblem = lastingLoss(name, edges.at(-1)!);
    if (onLossProblem !== undefined) problems.push(onLossProblem);
  }
  return edges;
}

/** A task is ready when it exited with 0: only its own entry can say otherwise, and it has no deadline by default. */
function resolveReady(
  name: string,
  type: 'service' | 'task',
  own: GivenService,
  { defaults, problems }: Surroundings,
): Condition | undefined {
  if (type === 'task') return own.ready ?? undefined;
  const ready = own.ready === undefined ? defaults.ready : own.ready;
  if (!ready) return undefined;
  const withinMs = ready.withinMs ?? DEFAULT_WITHIN_MS;
  if (ready.kind === 'delay' && ready.delayMs >= withinMs) {
    const limit = formatDuration(withinMs);
    problems.push({
      severity: 'error',
      message: `"ready.delay" of service "${name}" is ${formatDuration(ready.delayMs)}, but it must be ready within ${limit}`,
      path: ['services', name, 'ready', 'delay'],
      hint: 'Give a longer "within" beside "delay"',
    });
  }
  return { ...ready, withinMs };
}

function resolveRestart(type: 'service' | 'task', own: GivenService, defaults: GivenService): RestartPolicy {
  const get = layered(restartObject, own.restart, defaults.restart);
  return {
    policy: type === 'service' || asksForRestart(own.restart) ? get('policy') : 'no',
    max: get('max'),
    windowMs: get('window'),
    delayMs: get('delay'),
    factor: get('factor'),
    maxDelayMs: get('max_delay'),
    jitter: get('jitter'),
    resetAfterMs: get('reset_after'),
    successCodes: get('success_codes'),
  };
}

/** Exit codes alone don't ask for a restart, everything else in `restart` does. */
function asksForRestart(restart: GivenService['restart']): boolean {
  return Object.keys(restart ?? {}).some((key) => key !== 'success_codes');
}

function resolveStop(own: GivenService, defaults: GivenService): StopPolicy {
  const get = layered(stopObject, own.stop, defaults.stop);
  return { signal: get('signal'), graceMs: get('grace'), command: get('command'), target: get('target') };
}

type GivenLabels = GivenService['labels'];

function resolveLabels(own: GivenLabels, defaults: GivenLabels): ServiceConfig['labels'] {
  if (own === null || !defaults) return withoutNulls(own);
  return withoutNulls(new Map([...defaults, ...(own ?? [])]));
}
