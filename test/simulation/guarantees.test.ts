/**
 * The guarantees on thousands of random graphs with random faults and signals, on the virtual clock.
 */
import { test } from 'node:test';
import fc from 'fast-check';
import type {
  Condition,
  Config,
  HealthConfig,
  OnFailure,
  OnTrip,
  RestartPolicy,
  ServiceConfig,
  WatchdogConfig,
} from '../../src/config/types.ts';
import type { ShortCommandEnd } from '../../src/process/ports.ts';
import { assertLaws } from '../support/all-laws.ts';
import { assertAsyncProperty } from '../support/assert-property.ts';
import type { FakeRun } from '../support/fake-commands.ts';
import { beforeOf, ending, someAhead } from '../support/random-ahead.ts';
import { randomConfig } from '../support/random-graph.ts';
import { runs } from '../support/runs.ts';
import type { Ahead, Behaviour } from '../support/simulated-launcher.ts';
import { type Scenario, simulate } from '../support/simulation.ts';

const RUNS = runs(2000);

const when = fc.oneof(
  { weight: 5, arbitrary: fc.nat(3000) },
  { weight: 1, arbitrary: fc.constant('never' as const) },
);

/** It asks for more time, at times for ever so much. */
const moreTime = fc.array(
  fc.record({
    afterMs: fc.nat(3000),
    notification: fc.record({
      kind: fc.constant('extend' as const),
      byMs: fc.oneof(fc.nat(5000), fc.constant(Infinity)),
    }),
  }),
  { maxLength: 2 },
);

/** Signs of life, at times too few. */
const signs = fc.array(
  fc.record({
    afterMs: fc.nat(5000),
    notification: fc.constantFrom({ kind: 'heartbeat' as const }, { kind: 'tripped' as const }),
  }),
  { maxLength: 5 },
);

/** One instance: mostly well-behaved, at times hostile. */
const behaviour: fc.Arbitrary<Behaviour> = fc.record(
  {
    readyAfterMs: fc.oneof(
      { weight: 8, arbitrary: fc.nat(500) },
      { weight: 1, arbitrary: fc.constant('never' as const) },
    ),
    endsAfterMs: fc.oneof(
      { weight: 4, arbitrary: fc.constant('never' as const) },
      { weight: 1, arbitrary: fc.nat(8000) },
    ),
    exit: fc.oneof(
      fc.constant({ kind: 'code' as const, code: 0 }),
      fc.constant({ kind: 'code' as const, code: 3 }),
      fc.constant({ kind: 'signal' as const, signal: 'SIGSEGV' }),
    ),
    obeysAfterMs: when,
    says: fc.oneof(moreTime, signs),
    saysWhenAsked: moreTime,
    leavesBehind: when,
    loses: when,
    queuedMs: fc.nat(200),
    stallsAsking: fc.nat(3000),
    spawnFailure: fc.constantFrom(
      { reason: 'command-not-found' as const, message: 'there is no such command' },
      { reason: 'too-many-files' as const, message: 'too many open files' },
    ),
  },
  { requiredKeys: ['readyAfterMs', 'endsAfterMs', 'exit', 'obeysAfterMs'] },
);

const notify: Condition = {
  kind: 'notify',
  protocol: 'fd',
  withinMs: 2000,
  timeoutMs: 1000,
  intervalMs: undefined,
  successes: 1,
};

interface Traits {
  readonly task: boolean;
  readonly notifies: boolean;
  readonly watchdog: WatchdogConfig | undefined;
  readonly restart: Pick<RestartPolicy, 'policy' | 'max' | 'windowMs' | 'delayMs' | 'resetAfterMs'>;
  readonly onFailure: OnFailure;
  readonly onEnd: 'shutdown' | undefined;
  readonly cleanups: readonly FakeRun[];
  readonly behaviours: readonly Behaviour[];
  readonly ahead: readonly Ahead[];
  readonly health: { readonly checks: readonly FakeRun[]; readonly onFailure: OnTrip } | undefined;
}

/** One health check: at times it fails, hangs or can't be made. */
const check: fc.Arbitrary<FakeRun> = fc.record({
  afterMs: fc.oneof({ weight: 6, arbitrary: fc.nat(300) }, { weight: 1, arbitrary: fc.constant(Infinity) }),
  killMs: fc.nat(30),
  end: fc.constantFrom<ShortCommandEnd>(
    { kind: 'code', code: 0 },
    { kind: 'code', code: 1 },
    { kind: 'failed', message: 'no process to be had' },
  ),
});

const traits: fc.Arbitrary<Traits> = fc.record({
  task: fc.nat(4).map((n) => n === 0),
  notifies: fc.boolean(),
  watchdog: fc.option(
    fc.record({
      withinMs: fc.integer({ min: 100, max: 3000 }),
      source: fc.constant('fd' as const),
      onFailure: fc.constantFrom('restart', 'shutdown', 'report'),
    }),
    { nil: undefined, freq: 2 },
  ),
  restart: fc.record({
    policy: fc.constantFrom('no', 'on-failure', 'always'),
    max: fc.nat(3),
    windowMs: fc.constantFrom(300, 3000, 60_000),
    delayMs: fc.constant(50),
    resetAfterMs: fc.constantFrom(0, 200, 2000, 30_000),
  }),
  onFailure: fc.constantFrom('shutdown', 'isolate', 'ignore'),
  onEnd: fc.option(fc.constant('shutdown' as const), { nil: undefined, freq: 1 }),
  cleanups: fc.array(
    fc.record({
      afterMs: fc.oneof(fc.nat(2000), fc.constant(Number.POSITIVE_INFINITY)),
      end: fc.constantFrom({ kind: 'code' as const, code: 0 }, { kind: 'code' as const, code: 9 }),
    }),
    { maxLength: 2 },
  ),
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 3 }),
  ahead: someAhead,
  health: fc.option(
    fc.record({
      checks: fc.array(check, { minLength: 1, maxLength: 12 }),
      onFailure: fc.constantFrom<OnTrip>('restart', 'shutdown', 'report'),
    }),
    { nil: undefined },
  ),
});

const signals = fc.array(
  fc.record({
    atMs: fc.nat(10_000),
    signal: fc.constantFrom('SIGTERM' as const, 'SIGINT' as const, 'SIGHUP' as const),
  }),
  { minLength: 1, maxLength: 4 },
);

const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    config: randomConfig({ maxServices: 8, maxGraceMs: 4000, maxCleanupMs: 1500, reacting: true }),
    traits: fc.array(traits, { minLength: 9, maxLength: 9 }),
    signals,
    budgetMs: fc.option(fc.integer({ min: 500, max: 15_000 }), { nil: undefined }),
    interruptGraceMs: fc.constantFrom(500, 2000, 10_000),
    interactive: fc.boolean(),
    maxStarting: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  })
  .map(({ config, traits: all, signals: sent, budgetMs, interruptGraceMs, interactive, maxStarting }) => ({
    ...scenarioOf(config, all, sent, budgetMs, maxStarting),
    shutdown: { interruptGraceMs },
    interactive,
  }));

function healthOf(name: string, onFailure: OnTrip): HealthConfig {
  const exec = { kind: 'exec', command: { kind: 'shell', script: `check ${name}` } } as const;
  const timing = { timeoutMs: 400, intervalMs: 700, successes: 1 };
  return { condition: { ...exec, ...timing, withinMs: undefined }, ...timing, failures: 2, onFailure };
}

function scenarioOf(
  config: Config,
  all: readonly Traits[],
  sent: readonly { atMs: number; signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP' }[],
  budgetMs: number | undefined,
  maxStarting: number | undefined,
): Scenario {
  const byName = new Map(config.services.map((spec, index) => [spec.name, all[index % all.length]!]));
  const commands: Record<string, FakeRun | readonly FakeRun[]> = {};
  const services = config.services.map((spec): ServiceConfig => {
    const own = byName.get(spec.name)!;
    for (const [index, run] of own.cleanups.entries()) commands[`clean ${spec.name} ${index}`] = run;
    if (own.health !== undefined) commands[`check ${spec.name}`] = own.health.checks;
    return {
      ...spec,
      type: own.task ? 'task' : 'service',
      ...(own.health && !own.task && { health: healthOf(spec.name, own.health.onFailure) }),
      ready: own.notifies && !own.task ? notify : undefined,
      ...(own.watchdog === undefined || own.task ? {} : { watchdog: own.watchdog }),
      onFailure: own.onFailure,
      ...(own.onEnd && { onEnd: own.onEnd }),
      ...beforeOf(own.ahead),
      restart: { ...spec.restart, ...own.restart },
      cleanup: own.cleanups.map((_, index) => ({
        run: { kind: 'shell', script: `clean ${spec.name} ${index}` },
        timeoutMs: spec.cleanup[index]?.timeoutMs ?? 700,
        ...(spec.cleanup[index]?.untimed && { untimed: true as const }),
      })),
    };
  });
  return {
    services,
    ...(budgetMs === undefined ? {} : { budgetMs }),
    commands,
    options: { maxStarting },
    behave: (service, attempt) => {
      const { behaviours, task, ahead: before } = byName.get(service)!;
      const ahead = task ? ending(before) : before;
      const chosen = { ...behaviours[(attempt - 1) % behaviours.length]!, ahead };
      return task && chosen.endsAfterMs === 'never' ? { ...chosen, endsAfterMs: 40 } : chosen;
    },
    // At the end comes one signal for those that would run for ever.
    requests: [...sent, { atMs: 40_000, signal: 'SIGTERM' as const }].map(({ atMs, signal }) => ({
      atMs,
      request: { kind: 'signal', signal },
    })),
  };
}

test(`G1 G2 G3 G4 G5 G8 every law holds on ${RUNS.numRuns} random graphs with faults`, async () => {
  await assertAsyncProperty(
    fc.asyncProperty(scenarios, async (scenario) => assertLaws(scenario, await simulate(scenario))),
    RUNS,
  );
});
