/**
 * What has changed in the definition of a service, and what that needs. Pure.
 *
 * Resolved definitions are compared, value by value: the order of keys, comments and formatting are no change, and a
 * changed default is one of exactly the services that it reaches. Functions are compared by what stands for them.
 */
import type { EnvFrom } from '../../config/env-from-types.ts';
import type { Condition, Edge, LogConfig, ServiceConfig } from '../../config/types.ts';

/**
 * `in-place`: it holds from the switch on, and nobody is asked to stop; `restart`: an instance has to be replaced.
 */
export type DifferenceClass = 'in-place' | 'restart';

export interface Difference {
  /** As the configuration spells them, in its order: `env`, `stop`, `log.file`. Never a value: it may be a secret. */
  readonly keys: readonly string[];
  /** The strongest of theirs. */
  readonly class: DifferenceClass;
}

interface Part {
  readonly key: string;
  readonly class: DifferenceClass;
  of(spec: ServiceConfig): unknown;
}

const PARTS: readonly Part[] = [
  restart('type', ({ type }) => type),
  restart('command', ({ command }) => command),
  restart('cwd', ({ cwd }) => cwd),
  restart('env', ({ env, envUnset }) => [env, envUnset ?? []]),
  restart('env_from', ({ envFrom }) => envFrom && withoutPlaces(envFrom)),
  restart('env_inherit', ({ envInherit }) => (envInherit === true ? true : [...envInherit].sort())),
  restart('stdin', ({ stdin }) => stdin),
  restart('terminal', ({ terminal }) => terminal),
  restart('user', ({ rights }) => rights?.user),
  restart('group', ({ rights }) => rights?.group),
  restart('umask', ({ rights }) => rights?.umask),
  restart('nice', ({ rights }) => rights?.nice),
  restart('limits', ({ rights }) => rights?.limits),
  inPlace('depends_on', ({ dependsOn }) => byName(dependsOn)),
  restart('ready', ({ ready }) => ready && withoutTimes(ready)),
  inPlace('ready', ({ ready }) => ready && timesOf(ready)),
  inPlace('health', ({ health }) => health),
  inPlace('watchdog', ({ watchdog }) => watchdog),
  restart('notify channel', channelOf),
  inPlace('before', ({ before }) => before),
  inPlace('restart', (spec) => spec.restart),
  inPlace('on_failure', ({ onFailure }) => onFailure),
  inPlace('on_end', ({ onEnd }) => onEnd),
  inPlace('stop', ({ stop }) => stop),
  inPlace('cleanup', ({ cleanup }) => cleanup),
  restart('log.direct', ({ log }) => log.file?.direct === true),
  inPlace('log', ({ log }) => withoutDirect(log)),
  inPlace('on', ({ on }) => on),
  inPlace('profiles', ({ profiles }) => profiles),
  inPlace('labels', ({ labels }) => labels),
  inPlace('depends_on', ({ without }) => without),
];

/** Undefined: there is none. Both are of the same name. */
export function differenceOf(before: ServiceConfig, after: ServiceConfig): Difference | undefined {
  if (before === after) return undefined;
  const changed = PARTS.filter((part) => !isEqual(part.of(before), part.of(after)));
  if (changed.length === 0) return undefined;
  return {
    keys: [...new Set(changed.map(({ key }) => key))],
    class: changed.some((part) => part.class === 'restart') ? 'restart' : 'in-place',
  };
}

function restart(key: string, of: Part['of']): Part {
  return { key, class: 'restart', of };
}

function inPlace(key: string, of: Part['of']): Part {
  return { key, class: 'in-place', of };
}

/** Where it stands is no part of what it does. */
function withoutPlaces({ commands, over, revision = 0 }: EnvFrom): unknown {
  const run = commands.map(({ command, cwd }) => [command, cwd]);
  return [run, over.toSorted(), revision];
}

function byName(edges: readonly Edge[]): readonly Edge[] {
  return edges.toSorted((one, other) => (one.service < other.service ? -1 : 1));
}

function withoutTimes(condition: Condition): unknown {
  const { withinMs: _, timeoutMs: __, intervalMs: ___, successes: ____, ...rest } = condition;
  return 'of' in rest ? { ...rest, of: rest.of.map(withoutTimes) } : rest;
}

function timesOf(condition: Condition): unknown {
  const { withinMs, timeoutMs, intervalMs, successes } = condition;
  const own = { withinMs, timeoutMs, intervalMs, successes };
  return 'of' in condition ? [own, condition.of.map(timesOf)] : own;
}

function withoutDirect({ file, ...printed }: LogConfig): unknown {
  return { ...printed, file: file && { ...file, direct: undefined } };
}

/** A channel is opened with an instance: one that listens on another needs another instance. */
function channelOf({ ready, health, watchdog }: ServiceConfig): unknown {
  const protocols = [ready, health?.condition].flatMap((one) => (one === undefined ? [] : protocolsOf(one)));
  const source = watchdog === undefined || watchdog.source === 'log' ? [] : [watchdog.source];
  return [...new Set([...protocols, ...source])];
}

function protocolsOf(condition: Condition): readonly string[] {
  if ('of' in condition) return condition.of.flatMap(protocolsOf);
  return condition.kind === 'notify' ? [condition.protocol] : [];
}

/** What stands for a function is equal to itself alone. */
function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (isCall(one) || isCall(other)) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = new Set([...keysOf(one), ...keysOf(other)]);
  return [...keys].every((key) => isEqual(ownOf(one, key), ownOf(other, key)));
}

/** Any name may be one of theirs, that of a prototype too. */
function ownOf(of: object, key: string): unknown {
  return Object.hasOwn(of, key) ? (of as Readonly<Record<string, unknown>>)[key] : undefined;
}

/** What is undefined is as good as not there. */
function keysOf(of: object): readonly string[] {
  return Object.entries(of).flatMap(([key, value]) => (value === undefined ? [] : [key]));
}

function isCall(value: object): boolean {
  return 'kind' in value && value.kind === 'call' && 'name' in value;
}
