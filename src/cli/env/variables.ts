/**
 * The variables that a service would be started with, each with where it comes from. Pure.
 *
 * The layers are those of the engine and of the launcher: what is inherited, what goes with another user, what the
 * configuration gives, what orderly adds.
 */
import type { ConfigPath } from '../../config/diagnostics/problem.ts';
import type { EnvCommand } from '../../config/env-from-types.ts';
import type { OwnVariables, VariableSource } from '../../config/resolve/own-variables.ts';
import { parameterize, scriptOf } from '../../config/shell/values.ts';
import type { Condition, ServiceConfig, Template } from '../../config/types.ts';
import { interpolate } from '../../config/variables/interpolate.ts';
import { templateText } from '../../config/variables/template.ts';
import { looksSecret, MASK, masked } from './mask.ts';

/** Where a variable comes from; `user`: it goes with the user that the service runs as; `env_from`: that command printed it. */
export type Origin =
  | VariableSource
  | { readonly kind: 'env_from'; readonly path: ConfigPath }
  | { readonly kind: 'inherited' }
  | { readonly kind: 'user' }
  | { readonly kind: 'orderly' };

export interface Variable {
  readonly name: string;
  readonly from: Origin;
  /** As it may be shown; undefined: it is known only when an instance starts. */
  readonly value: string | undefined;
}

export interface EnvironmentOf {
  readonly spec: ServiceConfig;
  readonly own: OwnVariables;
  /** Those that commands have printed, with the last that did; undefined: none was run. */
  readonly printed?: ReadonlyMap<string, EnvCommand> | undefined;
  /** Our own environment. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
  /** They stand before a PATH that is inherited. */
  readonly programFolders: readonly string[];
  readonly ofUser: Readonly<Record<string, string | undefined>>;
  /** Those by which services are told that there are colours; undefined values are known at the start. */
  readonly colours: readonly string[];
  /** What our parent told us alone. */
  readonly channels: readonly string[];
  /** What `${NAME}` stands for in the configuration. */
  readonly variable: (name: string) => string | undefined;
  readonly isService: (name: string) => boolean;
}

/** By their names. */
export function variablesOf(given: EnvironmentOf): readonly Variable[] {
  const { spec, own, inherited } = given;
  const found = new Map<string, Omit<Variable, 'name'>>();
  const inherits = (name: string): boolean => spec.envInherit === true || spec.envInherit.includes(name);
  if (spec.terminal === true) found.set('TERM', { from: { kind: 'orderly' }, value: 'xterm' });
  for (const name of spec.terminal === true ? [] : given.colours)
    if (inherits(name)) found.set(name, { from: { kind: 'orderly' }, value: undefined });
  for (const [name, value] of Object.entries(inherited)) {
    if (value === undefined || !inherits(name) || given.channels.includes(name)) continue;
    found.set(name, { from: { kind: 'inherited' }, value: masked(name, value) });
  }
  for (const [name, value] of Object.entries(given.ofUser)) {
    if (value === undefined) found.delete(name);
    else found.set(name, { from: { kind: 'user' }, value: masked(name, value) });
  }
  for (const name of spec.envUnset ?? []) found.delete(name);
  const path = found.get('PATH');
  if (path !== undefined && given.programFolders.length > 0)
    found.set('PATH', { ...path, value: [...given.programFolders, path.value].join(':') });
  for (const [name, from] of own) found.set(name, { from, value: ownValue(name, from, given) });
  for (const [name, { path }] of given.printed ?? [])
    if (!spec.envFrom?.over.includes(name))
      found.set(name, { from: { kind: 'env_from', path }, value: MASK });
  for (const [name, value] of addedTo(spec)) found.set(name, { from: { kind: 'orderly' }, value });
  return [...found]
    .map(([name, variable]) => ({ name, ...variable }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What is filled in from a file of variables, or is secret by its name, is as secret in a text around it. */
function ownValue(name: string, from: VariableSource, given: EnvironmentOf): string {
  if (from.kind === 'env_file') return MASK;
  const variable = (wanted: string): string | undefined => {
    const value = given.variable(wanted);
    const isOurs = Object.hasOwn(given.inherited, wanted) && given.inherited[wanted] !== undefined;
    return value === undefined || value === '' || (isOurs && !looksSecret(wanted)) ? value : MASK;
  };
  const { template } = interpolate(from.written, { variable, isService: given.isService });
  return masked(name, templateText(template));
}

/** What orderly itself adds at the start. */
function addedTo(spec: ServiceConfig): readonly (readonly [string, string | undefined])[] {
  const channel = channelOf(spec);
  const { watchdog } = spec;
  const isWatched = watchdog !== undefined && watchdog.source !== 'log';
  return [
    ...Object.entries(parametersOf(spec)),
    ...(channel === 'fd' ? [['ORDERLY_NOTIFY_FD', '3'] as const] : []),
    ...(channel === 'systemd' ? [['NOTIFY_SOCKET', undefined] as const] : []),
    ...(channel === 'node'
      ? ([
          ['NODE_CHANNEL_FD', '3'],
          ['NODE_CHANNEL_SERIALIZATION_MODE', 'json'],
        ] as const)
      : []),
    ...(isWatched ? [['WATCHDOG_USEC', String(watchdog.withinMs * 1000)] as const] : []),
    ...(isWatched && channel === 'systemd' ? [['WATCHDOG_PID', undefined] as const] : []),
    ['ORDERLY_SERVICE', spec.name],
    ...['ORDERLY_RUN', 'ORDERLY_ATTEMPT', 'ORDERLY_MARK'].map((name) => [name, undefined] as const),
  ];
}

/** Values of other services that a text for the shell has. */
function parametersOf({ command }: ServiceConfig): Readonly<Record<string, string>> {
  const script: Template | undefined =
    command.kind === 'shell'
      ? command.script
      : command.kind === 'exec'
        ? scriptOf(command.argv)?.script
        : undefined;
  return script === undefined ? {} : (parameterize(script, templateText).parameters ?? {});
}

/** By which channel it tells us things: all who listen want the same. */
function channelOf({ ready, health, watchdog }: ServiceConfig): string | undefined {
  const conditions = [ready, health?.condition].flatMap((one) => (one === undefined ? [] : partsOf(one)));
  const notify = conditions.find((one) => one.kind === 'notify');
  return notify?.kind === 'notify' ? notify.protocol : watchdog?.source;
}

function partsOf(condition: Condition): readonly Condition[] {
  return condition.kind === 'all' || condition.kind === 'any' ? condition.of.flatMap(partsOf) : [condition];
}
