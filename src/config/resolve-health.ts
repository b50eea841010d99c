/**
 * From what is written about the health of a service, and the defaults for all, to its HealthConfig, and what can't be
 * so: a task, nothing to ask, a channel that the service doesn't speak.
 *
 * Keys are laid over those of the defaults one by one; the kind, with what belongs to it, is one of them.
 */
import type { Problem } from './problem.ts';
import { type GivenHealth, healthKeys } from './schema-health.ts';
import { layered } from './schema-object.ts';
import type { Condition, ConditionKind, HealthConfig, ServiceConfig } from './types.ts';

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

/** Every protocol over which a condition is told something. */
function protocolsOf(condition: Condition | undefined): readonly Protocol[] {
  if (condition?.kind === 'all' || condition?.kind === 'any') return condition.of.flatMap(protocolsOf);
  return condition?.kind === 'notify' ? [condition.protocol] : [];
}

type Protocol = Extract<ConditionKind, { readonly kind: 'notify' }>['protocol'];

function channelProblems(
  name: string,
  ready: Condition | undefined,
  condition: Condition,
): readonly Problem[] {
  const wanted = protocolsOf(condition);
  const first = protocolsOf(ready)[0] ?? wanted[0];
  const other = wanted.find((protocol) => protocol !== first);
  if (other === undefined) return [];
  const message = `"health" of service "${name}" listens to "notify: ${other}", but its channel is "notify: ${first}": it has only one`;
  return [
    {
      severity: 'error',
      message,
      path: ['services', name, 'health'],
      hint: `Write "notify: ${first}" in "health" too`,
    },
  ];
}

function ofTask(name: string): Problem {
  return {
    severity: 'error',
    message: `Service "${name}" is a task, which is ready when it has ended: it has no health to check`,
    path: ['services', name, 'health'],
    atKey: true,
    hint: 'Remove "health", or "type: task"',
  };
}

function nothingAsked(name: string): Problem {
  return {
    severity: 'error',
    message: `"health" of service "${name}" does not say what to check`,
    path: ['services', name, 'health'],
    hint: 'Add one of tcp, http, exec, log, file, notify, all, any',
  };
}
