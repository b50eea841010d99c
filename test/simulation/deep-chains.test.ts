/**
 * Depth costs nothing: chains of up to 300 services, some of them slow, stubborn or gone, stopped at any moment.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Config, ServiceConfig } from '../../src/config/types.ts';
import { assertLaws } from '../support/all-laws.ts';
import { assertAsyncProperty } from '../support/assert-property.ts';
import type { FakeRun } from '../support/fake-commands.ts';
import { deepConfig } from '../support/random-graph.ts';
import { runs } from '../support/runs.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import { type Scenario, simulate } from '../support/simulation.ts';
import { notify } from '../support/small-graphs.ts';

/** A graph of hundreds costs as much as a hundred small ones. */
const RUNS = runs(20, 1 / 50);

const healthy: fc.Arbitrary<Behaviour> = fc.record({ readyAfterMs: fc.nat(10), obeysAfterMs: fc.nat(30) });
const troubled: fc.Arbitrary<Behaviour> = fc.record(
  {
    readyAfterMs: fc.oneof(fc.nat(500), fc.constant('never' as const)),
    obeysAfterMs: fc.oneof(fc.nat(3000), fc.constant('never' as const)),
    endsAfterMs: fc.nat(8000),
    exit: fc.constantFrom({ kind: 'code' as const, code: 0 }, { kind: 'code' as const, code: 3 }),
    leavesBehind: fc.nat(500),
    stallsAsking: fc.nat(4000),
  },
  { requiredKeys: ['readyAfterMs', 'obeysAfterMs'] },
);

interface Rough {
  readonly config: Config;
  /** How they behave, again and again along the chain, and which ones at places of their own do otherwise. */
  readonly usual: readonly Behaviour[];
  readonly others: readonly { readonly at: number; readonly behaviour: Behaviour }[];
  readonly signals: readonly { readonly atMs: number; readonly signal: 'SIGTERM' | 'SIGINT' }[];
  readonly budgetMs: number | undefined;
  readonly interruptGraceMs: number;
  readonly interactive: boolean;
  readonly notifies: boolean;
}

const scenarios: fc.Arbitrary<Scenario> = fc
  .record<Rough>({
    config: deepConfig({ maxServices: 300, maxGraceMs: 10_000, maxCleanupMs: 300 }),
    usual: fc.array(healthy, { minLength: 1, maxLength: 3 }),
    others: fc.array(fc.record({ at: fc.nat(300), behaviour: troubled }), { maxLength: 4 }),
    signals: fc.array(
      fc.record({ atMs: fc.nat(6000), signal: fc.constantFrom('SIGTERM' as const, 'SIGINT' as const) }),
      { minLength: 1, maxLength: 3 },
    ),
    budgetMs: fc.option(fc.integer({ min: 500, max: 30_000 }), { nil: undefined }),
    interruptGraceMs: fc.constantFrom(500, 2000, 10_000),
    interactive: fc.boolean(),
    notifies: fc.boolean(),
  })
  .map(({ config, usual, others, signals, budgetMs, interruptGraceMs, interactive, notifies }) => {
    const commands: Record<string, FakeRun> = {};
    const services = config.services.map((spec): ServiceConfig => {
      const cleanup = spec.cleanup.map((one, at) => {
        const script = `clean ${spec.name} ${at}`;
        commands[script] = { afterMs: one.timeoutMs * (at === 0 ? 0.1 : 2) };
        return { ...one, run: { kind: 'shell' as const, script } };
      });
      return { ...spec, cleanup, ready: notifies ? notify : undefined };
    });
    const otherwise = new Map(others.map(({ at, behaviour }) => [`s${at}`, behaviour]));
    return {
      services,
      commands,
      ...(budgetMs === undefined ? {} : { budgetMs }),
      shutdown: { interruptGraceMs },
      interactive,
      behave: (name) => otherwise.get(name) ?? usual[Number(name.slice(1)) % usual.length]!,
      requests: [...signals, { atMs: 200_000, signal: 'SIGTERM' as const }].map(({ atMs, signal }) => ({
        atMs,
        request: { kind: 'signal' as const, signal },
      })),
    };
  });

test(`G1 G2 G3 G4 G5 G8 every law holds on ${RUNS.numRuns} chains of up to 300 services with faults`, async () => {
  await assertAsyncProperty(
    fc.asyncProperty(scenarios, async (scenario) => assertLaws(scenario, await simulate(scenario))),
    RUNS,
  );
});

const chain = (length: number, graceMs = 10_000): ServiceConfig[] =>
  Array.from({ length }, (_, at) =>
    sampleService(`s${at}`, {
      dependsOn: at === 0 ? [] : [sampleEdge(`s${at - 1}`)],
      stop: { signal: 'SIGTERM', graceMs, command: undefined, target: 'group' },
    }),
  );

for (const length of [1, 8, 50, 200, 300]) {
  for (const [signal, status] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`G4 G8 nobody of a healthy chain of ${length} is killed after ${signal}`, async () => {
      const seen = await simulate({
        services: chain(length),
        behave: () => ({ obeysAfterMs: 50 }),
        requests: [{ atMs: 1000, request: { kind: 'signal', signal } }],
      });
      assert.deepEqual(eventsOf(seen, 'service.killed'), []);
      assert.equal(seen.outcome.status, status);
      assert.equal(seen.endMs, 1000 + 50 * length);
    });
  }
}

for (const length of [1, 2, 4, 8, 11]) {
  test(`G4 the first that is asked of a graph of ${length} levels has its two seconds after Ctrl-C`, async () => {
    const seen = await simulate({
      services: chain(length),
      behave: (name) => ({ obeysAfterMs: name === `s${length - 1}` ? 'never' : 10 }),
      requests: [{ atMs: 1000, request: { kind: 'signal', signal: 'SIGINT' } }],
    });
    const [kill, ...more] = eventsOf(seen, 'service.killed');
    assert.deepEqual([kill?.ms, kill?.settings, more], [3000, ['shutdown.interrupt_grace'], []]);
  });
}

test('G4 in a container a clean-up without a timeout of its own leaves the asking eight of nine seconds', async () => {
  const [only] = chain(1);
  const cleanup = [{ run: { kind: 'shell', script: 'clean' }, timeoutMs: 5000, untimed: true }] as const;
  const seen = await simulate({
    services: [{ ...only!, cleanup }],
    budgetMs: 9000,
    commands: { clean: { afterMs: 10 } },
    behave: () => ({ obeysAfterMs: 7800 }),
    requests: [{ atMs: 1000, request: { kind: 'signal', signal: 'SIGTERM' } }],
  });
  assert.deepEqual([eventsOf(seen, 'service.killed'), seen.outcome.status], [[], 143]);
});

for (const endsAfterMs of [0, 20_000]) {
  test(`G8 a chain of 5,000 falls with its first after ${endsAfterMs} ms, by short reasons`, async () => {
    const restart = { ...sampleService('any').restart, policy: 'no' } as const;
    const seen = await simulate({
      services: chain(5000).map((spec) => ({ ...spec, onFailure: 'isolate', restart, ready: notify })),
      behave: (name) => ({
        readyAfterMs: 1,
        ...(name === 's0' && { endsAfterMs, exit: { kind: 'code', code: 3 } }),
      }),
      requests: [{ atMs: 60_000, request: { kind: 'signal', signal: 'SIGTERM' } }],
    });
    assert.equal(seen.outcome.status, 1);
    const reasons = [
      ...eventsOf(seen, 'service.skipped').map(({ because }) => because),
      ...eventsOf(seen, 'service.stopping').map(({ reason }) => reason),
    ];
    assert.equal(reasons.length, 4999);
    assert.ok(Math.max(...reasons.map(({ length }) => length)) < 400);
  });
}

test('a chain of 1,000 is stopped and started by requests, as a whole and each by its name', async () => {
  const command = (atMs: number, kind: 'start' | 'stop' | 'restart', name: string) => ({
    atMs,
    request: { kind: 'command', command: { kind, names: [name] } } as const,
  });
  const services = chain(1000).map((spec, at) => ({
    ...spec,
    dependsOn:
      at % 100 === 99 ? [...spec.dependsOn, sampleEdge(`s${at - 50}`, { optional: true })] : spec.dependsOn,
  }));
  const seen = await simulate({
    services,
    behave: () => ({ obeysAfterMs: 0 }),
    requests: [
      command(60_000, 'stop', 's0'),
      command(120_000, 'start', 's999'),
      command(180_000, 'stop', '*'),
      command(240_000, 'start', 's*'),
      { atMs: 300_000, request: { kind: 'signal', signal: 'SIGTERM' } },
    ],
    interactive: false,
  });
  assert.deepEqual(
    eventsOf(seen, 'request.settled').map(({ outcome }) => outcome),
    ['reached', 'reached', 'reached', 'reached'],
  );
  assert.equal(eventsOf(seen, 'service.starting').length, 3000);
});
