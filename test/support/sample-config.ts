/**
 * Validated configurations for tests that don't care how they were written: every default filled in, anything
 * overridden. The defaults are those of the configuration's contract.
 */
import type { Config, Edge, ServiceConfig } from '../../src/config/types.ts';

export function sampleService(name: string, overrides: Partial<ServiceConfig> = {}): ServiceConfig {
  return {
    name,
    type: 'service',
    command: { kind: 'exec', argv: [name] },
    cwd: '/srv',
    env: {},
    envInherit: true,
    dependsOn: [],
    ready: undefined,
    restart: {
      policy: overrides.type === 'task' ? 'no' : 'on-failure',
      max: 5,
      windowMs: 60_000,
      delayMs: 100,
      factor: 2,
      maxDelayMs: 30_000,
      jitter: 0.1,
      resetAfterMs: 30_000,
      successCodes: [0],
    },
    onFailure: 'shutdown',
    stop: { signal: 'SIGTERM', graceMs: 10_000, command: undefined, target: 'group' },
    cleanup: [],
    log: { prefix: true },
    profiles: [],
    labels: {},
    ...overrides,
  };
}

export function sampleEdge(service: string, overrides: Partial<Edge> = {}): Edge {
  return { service, condition: 'ready', optional: false, timeoutMs: undefined, ...overrides };
}

export function sampleConfig(services: readonly ServiceConfig[], overrides: Partial<Config> = {}): Config {
  return {
    name: 'sample',
    files: ['/srv/supervisor.yaml'],
    dir: '/srv',
    shutdown: { budgetMs: 'auto', interruptGraceMs: 2_000 },
    process: { cgroup: 'auto' },
    on: {},
    onHangup: 'shutdown',
    services,
    ...overrides,
  };
}

/** Services written as `{ api: ['db'], db: [] }`: each with the names it depends on. */
export function sampleServices(dependencies: Readonly<Record<string, readonly string[]>>): ServiceConfig[] {
  return Object.entries(dependencies).map(([name, needs]) =>
    sampleService(name, { dependsOn: needs.map((service) => sampleEdge(service)) }),
  );
}
