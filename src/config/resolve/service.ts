/**
 * From what is written about a service, and the defaults for all, to its ServiceConfig.
 */
import { type Problem, problemAt } from '../diagnostics/problem.ts';
import { formatDuration } from '../duration.ts';
import type { EnvCommand, EnvFrom } from '../env-from-types.ts';
import { withoutNulls } from '../schema/collection.ts';
import { DEFAULT_WITHIN_MS, withoutNone } from '../schema/condition.ts';
import { isMeant, isWritten, layered } from '../schema/object.ts';
import { limitsObject } from '../schema/rights.ts';
import {
  type GivenService,
  restartObject,
  type ServiceEntry,
  serviceObject,
  stopObject,
} from '../schema/service.ts';
import type {
  Command,
  Condition,
  Limit,
  LimitName,
  RestartPolicy,
  RightsConfig,
  ServiceConfig,
  StopPolicy,
} from '../types.ts';
import { type EnvironmentFiles, type GivenEnvironment, layerEnvironment } from '../variables/environment.ts';
import { resolveEdges } from './edges.ts';
import { externalProblems, ownedByAnybody, resolveExternal } from './external.ts';
import { resolveHealth, resolveWatchdog } from './health.ts';
import { resolveHooks } from './hooks.ts';
import { asksDirect, logProblems, resolveLog } from './log.ts';
import { type Shared, sharedCommands, sharedEnvironment } from './shared.ts';
import { resolveStreams, terminalProblems } from './streams.ts';

const LIMIT_NAMES = Object.keys(limitsObject.fields) as readonly LimitName[];
const EXTERNAL: Command = { kind: 'external' };
const RIGHTS = ['user', 'group', 'umask', 'nice', 'limits'] as const;

/** What is outside of its own entry. */
export interface Surroundings {
  /** What files say for it. */
  readonly sharedOf: (service: string) => Shared;
  readonly files: EnvironmentFiles;
  /** Where a service runs that doesn't say it. */
  readonly cwdOf: (service: string) => string;
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
  const { problems, files } = around;
  const shared = around.sharedOf(name);
  const { defaults } = shared;
  const get = layered(serviceObject, own, defaults);
  const isExternal = get('type') === 'external';
  const type = get('type') === 'task' ? 'task' : 'service';
  const layers = [own.env === null ? undefined : defaults.env, own.env];
  const { env, unset } = layerEnvironment([
    ...sharedEnvironment(shared, get('env_file'), { files, over: layerEnvironment(layers).env }),
    ...layers,
  ]);
  const envFrom = resolveEnvFrom(sharedCommands(shared, get('env_from')), layers);
  const inherit = get('env_inherit');
  const command = isExternal ? EXTERNAL : get('command');
  if (command === undefined) {
    // What it would have taken over may be what is missing.
    const isWhole = !isWritten(entry.written, 'extends');
    if (isWhole && !isMeant(entry.written, 'command', serviceObject)) problems.push(noCommand(name));
    return undefined;
  }
  const given = resolveReady(name, type, own, defaults, problems);
  const ready = given && isExternal ? ownedByAnybody(given) : given;
  const direct = asksDirect(own.log, defaults.log);
  const { health, problems: ofHealth } = resolveHealth({ name, type, ready }, own.health, defaults.health);
  const on = resolveHooks(own.on, defaults.on);
  const stop = resolveStop(own, defaults);
  const commands = { before: get('before') ?? [], cleanup: get('cleanup') ?? [] };
  const { before, cleanup } = isExternal ? resolveExternal(entry, commands, stop.graceMs) : commands;
  const service: ServiceConfig = {
    name,
    type,
    command,
    ...(before.length > 0 && { before }),
    cwd: get('cwd') ?? around.cwdOf(name),
    env,
    ...(unset.length > 0 ? { envUnset: unset } : {}),
    ...(envFrom && { envFrom }),
    envInherit: typeof inherit === 'boolean' ? inherit || [] : inherit,
    ...resolveStreams(own, defaults),
    ...resolveRights(own, defaults),
    dependsOn: resolveEdges(name, get('depends_on'), around),
    ready,
    ...(health && {
      health: isExternal ? { ...health, condition: ownedByAnybody(health.condition) } : health,
    }),
    ...resolveWatchdog(
      { name, type, ready, ...(health && { health }), asksDirect: direct },
      entry,
      shared,
      problems,
    ),
    restart: resolveRestart(type, own, defaults),
    onFailure: get('on_failure'),
    ...(get('on_end') === 'shutdown' && { onEnd: 'shutdown' as const }),
    stop,
    cleanup,
    log: resolveLog(own.log, defaults.log),
    ...(Object.keys(on).length > 0 && { on }),
    profiles: get('profiles') ?? [],
    labels: resolveLabels(own.labels, defaults.labels),
  };
  problems.push(
    ...ofHealth,
    ...logProblems(service, direct),
    ...terminalProblems(service, own, direct),
    ...externalProblems(name, entry, { isExternal, ready }),
  );
  return service;
}

/** `layers`: what the configuration gives over them. */
function resolveEnvFrom(
  commands: readonly EnvCommand[],
  layers: readonly GivenEnvironment[],
): EnvFrom | undefined {
  if (commands.length === 0) return undefined;
  return { commands, over: [...new Set(layers.flatMap((layer) => [...(layer?.keys() ?? [])]))] };
}

function noCommand(name: string): Problem {
  const message = `Service "${name}" has no "command"`;
  return { ...problemAt(['services', name], message, 'Write what to execute as "command"'), atKey: true };
}

/** A task is ready when it exited with 0: only its own entry can say otherwise, and it has no deadline by default. */
function resolveReady(
  name: string,
  type: 'service' | 'task',
  own: GivenService,
  defaults: GivenService,
  problems: Problem[],
): Condition | undefined {
  if (type === 'task') return own.ready ? withoutNone(own.ready) : undefined;
  const ready = own.ready === undefined ? defaults.ready : own.ready;
  if (!ready) return undefined;
  const withinMs = ready.withinMs ?? DEFAULT_WITHIN_MS;
  if (ready.kind === 'delay' && ready.delayMs >= withinMs) {
    const limit = formatDuration(withinMs);
    const message = `"ready.delay" of service "${name}" is ${formatDuration(ready.delayMs)}, but it must be ready within ${limit}`;
    const hint = 'Give a longer "within" beside "delay"';
    problems.push(problemAt(['services', name, 'ready', 'delay'], message, hint));
  }
  return withoutNone({ ...ready, withinMs });
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

/** To be spread into the service: nothing if nothing is asked for. Each limit counts by itself. */
function resolveRights(own: GivenService, defaults: GivenService): { readonly rights?: RightsConfig } {
  if (!RIGHTS.some((key) => own[key] !== undefined || defaults[key] !== undefined)) return {};
  const get = layered(serviceObject, own, defaults);
  const entries = RIGHTS.map((key) => [key, key === 'limits' ? resolveLimits(own, defaults) : get(key)]);
  const asked = entries.filter(([, value]) => value !== undefined);
  return asked.length === 0 ? {} : { rights: Object.fromEntries(asked) as RightsConfig };
}

function resolveLimits(own: GivenService, defaults: GivenService): RightsConfig['limits'] {
  const get = layered(limitsObject, own.limits, defaults.limits);
  const limits = withoutNulls<Limit>(new Map(LIMIT_NAMES.map((name) => [name, get(name) ?? null])));
  return Object.keys(limits).length === 0 ? undefined : limits;
}
