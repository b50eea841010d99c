/**
 * From what is written about the health of a service, and the defaults for all, to its HealthConfig, and what can't be
 * so: a task, nothing to ask, a channel that the service doesn't speak.
 *
 * Keys are laid over those of the defaults one by one; the kind, with what belongs to it, is one of them.
 */
import { type Problem, problemAt } from '../diagnostics/problem.ts';
import { type GivenHealth, healthKeys } from '../schema/health.ts';
import { layered } from '../schema/object.ts';
import type { Condition, ConditionKind, HealthConfig, ServiceConfig } from '../types.ts';

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
