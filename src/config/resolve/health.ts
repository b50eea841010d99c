/**
 * From what is written about the health of a service, and the defaults for all, to its HealthConfig, and what can't be
 * so: a task, nothing to ask, a channel that the service doesn't speak.
 *
 * Keys are laid over those of the defaults one by one; the kind, with what belongs to it, is one of them.
 */
import { type ConfigPath, type Problem, problemAt } from '../diagnostics/problem.ts';
import { type GivenHealth, healthKeys } from '../schema/health.ts';
import { isMeant, isWritten, layered } from '../schema/object.ts';
import { type ServiceEntry, watchdogObject } from '../schema/service.ts';
import type { Condition, ConditionKind, HealthConfig, ServiceConfig, WatchdogConfig } from '../types.ts';
import { isMap } from '../yaml/document-value.ts';
import { defaultPath, type Shared } from './shared.ts';

type Given = GivenHealth | null | undefined;

/** Undefined: its health isn't watched. Of a task only its own entry can be wrong: it takes no default. */
export function resolveHealth(
  { name, type, ready }: Pick<ServiceConfig, 'name' | 'type' | 'ready'>,
  own: Given,
  defaults: Given,
): { readonly health?: HealthConfig; readonly problems: readonly Problem[] } {
  if (own === null) return { problems: [] };
  if (type === 'task') return { problems: own === undefined ? [] : [ofTask(name)] };
  const kind = own?.saysWhat ? own.kind : (own?.kind ?? defaults?.kind);
  if (kind === undefined) {
    const isMissing = own !== undefined && !own.saysWhat && !defaults?.saysWhat;
    return { problems: isMissing ? [nothingAsked(name)] : [] };
  }
  const get = layered(healthKeys, own, defaults);
  const timeoutMs = get('timeout');
  const condition = { ...kind, withinMs: undefined, timeoutMs, intervalMs: undefined, successes: 1 };
  const health: HealthConfig = {
    condition,
    intervalMs: get('interval'),
    timeoutMs,
    failures: get('failures'),
    successes: get('successes'),
    onFailure: get('on_failure'),
  };
  return { health, problems: channelProblems(name, ready, condition) };
}

type Channel = Extract<ConditionKind, { readonly kind: 'notify' }>['protocol'];

/** Every channel over which a condition is told something. Of several the first counts, as for the launch. */
export function channelsOf(condition: Condition | undefined): readonly Channel[] {
  if (condition?.kind === 'all' || condition?.kind === 'any') return condition.of.flatMap(channelsOf);
  return condition?.kind === 'notify' ? [condition.protocol] : [];
}

function channelProblems(
  name: string,
  ready: Condition | undefined,
  condition: Condition,
): readonly Problem[] {
  const wanted = channelsOf(condition);
  const first = channelsOf(ready)[0] ?? wanted[0];
  const other = wanted.find((channel) => channel !== first);
  if (other === undefined) return [];
  const message = `"health" of service "${name}" listens to "notify: ${other}", but its channel is "notify: ${first}": it has only one`;
  return [problemAt(['services', name, 'health'], message, `Write "notify: ${first}" in "health" too`)];
}

function ofTask(name: string): Problem {
  const message = `Service "${name}" is a task, which is ready when it has ended: it has no health to check`;
  const hint = 'Remove "health", or "type: task"';
  return { ...problemAt(['services', name, 'health'], message, hint), atKey: true };
}

function nothingAsked(name: string): Problem {
  return problemAt(
    ['services', name, 'health'],
    `"health" of service "${name}" does not say what to check`,
    'Add one of tcp, http, exec, log, file, notify, all, any',
  );
}

// From what is written about a watchdog to its WatchdogConfig: over which channel heartbeats come, and what can't be
// so.

/** What of the same service decides about its watchdog. */
interface Watched extends Pick<ServiceConfig, 'name' | 'type' | 'ready' | 'health'> {
  /** It asks to write to its log file itself. */
  readonly asksDirect: boolean;
}

/** The watchdog as a key of the service, or none; what is wrong with it goes to `problems`. */
export function resolveWatchdog(
  watched: Watched,
  { given, written }: ServiceEntry,
  shared: Shared,
  problems: Problem[],
): Pick<ServiceConfig, 'watchdog'> {
  const own = given.watchdog;
  const { defaults } = shared;
  // A task ends before it could be silent: what is meant for all doesn't concern it.
  if (own === null || (own === undefined && (!defaults.watchdog || watched.type === 'task'))) return {};
  const place: ConfigPath =
    own === undefined ? defaultPath(shared, 'watchdog') : ['services', watched.name, 'watchdog'];
  const refuse = (message: string, hint: string): Record<string, never> => {
    const unless = own === undefined ? `, or "watchdog: null" for "${watched.name}"` : '';
    problems.push(problemAt(place, message, `${hint}${unless}`));
    return {};
  };
  const get = layered(watchdogObject, own, defaults.watchdog);
  const withinMs = get('within');
  const ownText = isMap(written) ? written.watchdog : undefined;
  if (watched.type === 'task') {
    return refuse(
      `Task "${watched.name}" cannot have a "watchdog": it is ready only when it has ended`,
      'Remove it',
    );
  }
  if (withinMs === undefined) {
    if (isMeant(ownText, 'within', watchdogObject)) return {};
    return refuse(
      `"watchdog" of service "${watched.name}" does not say how long it may be silent`,
      'Write it as "within", such as within: 15s',
    );
  }
  // What can't be read was reported.
  if (own?.source === undefined && isWritten(ownText, 'source')) return {};
  const source = decideSource(get('source'), watched);
  if ('why' in source) return refuse(source.why, source.hint);
  return { watchdog: { withinMs, source: source.is, onFailure: get('on_failure') } };
}

type Decided = { readonly is: WatchdogConfig['source'] } | { readonly why: string; readonly hint: string };

function decideSource(asked: 'notify' | WatchdogConfig['source'], watched: Watched): Decided {
  const [ofReady] = channelsOf(watched.ready);
  const [ofHealth] = channelsOf(watched.health?.condition);
  const channel = ofReady ?? ofHealth;
  const subject = `service "${watched.name}"`;
  if (asked === 'log') {
    if (!watched.asksDirect) return { is: asked };
    return {
      why: `The watchdog of ${subject} looks at its output, but with "log.direct" nobody reads it`,
      hint: 'Choose another "source", or remove "direct"',
    };
  }
  if (asked === 'notify') {
    if (channel !== undefined) return { is: channel };
    return {
      why: `The watchdog of ${subject} has no channel for heartbeats, since "ready" has no "notify"`,
      hint: 'Give "source": fd, node or systemd is such a channel, log means any output; or be ready by "notify"',
    };
  }
  if (channel === undefined || channel === asked) return { is: asked };
  return {
    why: `The watchdog of ${subject} cannot have the source "${asked}": "${ofReady ? 'ready' : 'health'}" uses "notify: ${channel}", and there is one channel only`,
    hint: 'Use "source: notify"',
  };
}
