/**
 * What `orderly run` runs, as one more service of the graph: it has the terminal, and when it ends so does the run.
 */
import type { Edge, ServiceConfig } from '../config/types.ts';

/** Its code is passed on, not judged. */
const EVERY_CODE: readonly number[] = Array.from({ length: 256 }, (_, code) => code);

/** A command that needs all of `others` to be ready (tasks: completed). */
export function commandService(
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
export function inForeground({ health: _, watchdog: __, ...spec }: ServiceConfig): ServiceConfig {
  return {
    ...spec,
    type: 'service',
    ready: undefined,
    restart: { ...spec.restart, policy: 'no', successCodes: EVERY_CODE },
    onFailure: 'shutdown',
    // It has the terminal, and not its file.
    log: { prefix: spec.log.prefix },
  };
}

function needs(spec: ServiceConfig): Edge {
  const condition = spec.type === 'task' ? 'completed' : 'ready';
  return { service: spec.name, condition, optional: false, timeoutMs: undefined };
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  return taken.has(wanted) ? freeName(`${wanted}_`, taken) : wanted;
}
