/**
 * A service that is a function, as an entry of a configuration: programs stand for its functions there, so that the keys
 * are read by the very definition of `supervisor.yaml`; afterwards the functions are put in their place.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { Call, Cleanup, Condition, ServiceConfig } from '../config/types.ts';
import type { Reported } from '../tasks/service-book.ts';
import type { CleanupStep, TaskOptions } from './definition.ts';

/** Stands where a function will be. */
const PLACE = ['function'];

/** What may be said of a function, and within what; everything else is for processes. */
const KEYS: Readonly<Record<string, readonly string[] | undefined>> = {
  name: undefined,
  reports: undefined,
  type: undefined,
  dependsOn: undefined,
  run: undefined,
  ready: ['within'],
  health: ['check', 'interval', 'timeout', 'failures', 'successes', 'onFailure'],
  watchdog: ['within', 'onFailure'],
  restart: ['policy', 'max', 'window', 'delay', 'factor', 'maxDelay', 'jitter', 'resetAfter'],
  onFailure: undefined,
  onEnd: undefined,
  stop: ['grace'],
  cleanup: undefined,
};

/** What is wrong with it as a function: keys that only a process could have, or nobody, and functions that are none. */
export function functionProblems(options: TaskOptions): readonly Problem[] {
  return [...keyProblems(options), ...callProblems(options)];
}

function keyProblems({ name, ...options }: TaskOptions): readonly Problem[] {
  return Object.entries(options).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (!Object.hasOwn(KEYS, key)) return [unknownKey(name, [key])];
    const inner = KEYS[key];
    if (inner === undefined || typeof value !== 'object' || value === null) return [];
    const wrong = Object.keys(value).filter((one) => !inner.includes(one));
    return wrong.map((one) => unknownKey(name, [key, one]));
  });
}

function unknownKey(name: string, keys: readonly string[]): Problem {
  return {
    severity: 'error',
    path: ['services', name, ...keys],
    message: `"${keys.join('.')}" has no meaning for "${name}", which is a function`,
  };
}

function callProblems({ name, run, health, cleanup }: TaskOptions): readonly Problem[] {
  const steps = cleanup === undefined ? [] : stepsOf(cleanup);
  const calls: readonly (readonly [key: string, call: unknown])[] = [
    ['run', run],
    ...(health === undefined ? [] : [['health.check', health?.check] as const]),
    ...steps.flatMap((step) => callsIn(step).map((call) => ['cleanup', call] as const)),
  ];
  return calls
    .filter(([, call]) => typeof call !== 'function')
    .map(([key, call]) => ({
      severity: 'error',
      path: ['services', name, ...key.split('.')],
      message: `"${key}" of service "${name}" must be a function, but is ${call === null ? 'null' : typeof call}`,
    }));
}

function callsIn(step: CleanupStep<Reported>): readonly unknown[] {
  if (typeof step !== 'object' || step === null) return [step];
  if (!('parallel' in step)) return [step.run];
  return Array.isArray(step.parallel) ? step.parallel : [step.parallel];
}

/** The entry in the spelling of a configuration. */
export function functionEntry({ name: _, run: __, reports: ___, ...options }: TaskOptions): unknown {
  const { type = 'service', ready, health, watchdog, cleanup, ...rest } = options;
  return spell({
    ...rest,
    type,
    command: PLACE,
    ready: type === 'task' ? undefined : { notify: 'fd', ...ready },
    health: health && { ...health, check: undefined, exec: PLACE },
    watchdog: typeof watchdog === 'object' ? { ...watchdog, source: 'fd' } : watchdog,
    cleanup: cleanup && stepsOf(cleanup).map((step) => ({ run: PLACE, timeout: timeoutOf(step) })),
  });
}

/** The functions of a service, by what stands for them in its configuration. */
export interface Calls {
  readonly run: Call;
  readonly check: Call | undefined;
  /** One for each step. */
  readonly cleanup: readonly Call[];
}

export function callsOf(options: TaskOptions): Calls {
  const { run, health, cleanup } = options;
  return {
    run: callOf(run?.name || 'run'),
    check: health && callOf(health?.check?.name || 'check'),
    cleanup: cleanup === undefined ? [] : stepsOf(cleanup).map((step) => callOf(nameOf(step))),
  };
}

/** The service as it was read, with the functions in their places. */
export function withCalls(service: ServiceConfig, calls: Calls): ServiceConfig {
  const { ready, health, watchdog, cleanup } = service;
  return {
    ...service,
    command: calls.run,
    ready: ready && { ...ready, kind: 'notify', protocol: 'call' },
    ...(health &&
      calls.check && { health: { ...health, condition: checked(health.condition, calls.check) } }),
    ...(watchdog && { watchdog: { ...watchdog, source: 'call' } }),
    cleanup: cleanup.map((step, at): Cleanup => ({ ...step, run: calls.cleanup[at]! })),
  };
}

/** The steps of a clean-up, be it one or several. */
export function stepsOf<V>(cleanup: CleanupStep<V> | readonly CleanupStep<V>[]): readonly CleanupStep<V>[] {
  return Array.isArray(cleanup) ? cleanup : [cleanup as CleanupStep<V>];
}

function checked(timing: Condition, command: Call): Condition {
  const { withinMs, timeoutMs, intervalMs, successes } = timing;
  return { kind: 'call', command, withinMs, timeoutMs, intervalMs, successes };
}

function callOf(name: string): Call {
  return { kind: 'call', name };
}

function nameOf(step: CleanupStep<Reported>): string {
  return callsIn(step)
    .map((call) => (call as { readonly name?: string } | undefined)?.name || 'cleanup')
    .join(' + ');
}

function timeoutOf(step: CleanupStep<Reported>): string | undefined {
  return typeof step === 'object' ? step?.timeout : undefined;
}

// From the spelling of a program to that of a configuration: `onFailure` is `on_failure` there. Pure.

/** Their keys are names that somebody chose. */
const OF_NAMES = new Set(['env', 'labels', 'headers', 'limits']);

/** Plain data in the other spelling; what is undefined is left out. */
export function spell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spell);
  if (!isPlain(value)) return value;
  const spelt = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    spelt.map(([key, inner]) => [
      snake(key),
      OF_NAMES.has(key) ? withoutUndefined(inner) : key === 'dependsOn' ? edges(inner) : spell(inner),
    ]),
  );
}

function withoutUndefined(value: unknown): unknown {
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

function edges(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'string' ? one : keyName(one)));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, edge]) => [name, spell(edge)]));
}

function keyName(definition: unknown): unknown {
  return (definition as { readonly name?: unknown } | null)?.name;
}

function snake(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
