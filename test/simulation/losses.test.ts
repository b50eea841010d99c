/**
 * Edges that react, on random graphs in which services crash now and then: every law holds, those of losses and all
 * others.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Condition, Config, OnFailure, ServiceConfig } from '../../src/config/types.ts';
import type { Exit } from '../../src/events/fact-shape.ts';
import { assertAsyncProperty } from '../support/assert-property.ts';
import { checkRecord } from '../support/check-record.ts';
import {
  assertBudget,
  assertCleanups,
  assertClosed,
  assertStartsAllowed,
  assertStatus,
  assertStopOrder,
} from '../support/laws.ts';
import { assertLossesAnswered, assertReturnsAwaited } from '../support/loss-laws.ts';
import { randomConfig } from '../support/random-graph.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import { type Scenario, simulate } from '../support/simulation.ts';

const RUNS = 1500;

const notify: Condition = {
  kind: 'notify',
  protocol: 'fd',
  withinMs: 500,
  timeoutMs: 1000,
  intervalMs: undefined,
  successes: 1,
};

const often = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: rare });

const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  queuedMs: fc.constantFrom(0, 0, 30),
  readyAfterMs: often<number | 'never'>(fc.nat(200), fc.constant('never')),
  endsAfterMs: fc.oneof(fc.constant('never' as const), fc.integer({ min: 100, max: 3000 })),
  exit: often<Exit>(
    fc.constant({ kind: 'code' as const, code: 3 }),
    fc.constant({ kind: 'code' as const, code: 0 }),
  ),
  obeysAfterMs: often<number | 'never'>(fc.nat(300), fc.constant('never')),
});

interface Traits {
  readonly notifies: boolean;
  readonly task: boolean;
  readonly onFailure: OnFailure;
  readonly cleanupMs: number | undefined;
  readonly behaviours: readonly Behaviour[];
}

const traits: fc.Arbitrary<Traits> = fc.record({
  notifies: fc.boolean(),
  task: often(fc.constant(false), fc.constant(true)),
  onFailure: fc.constantFrom('isolate', 'isolate', 'ignore', 'shutdown'),
  cleanupMs: fc.option(fc.nat(300), { nil: undefined }),
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 4 }),
});

const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    config: randomConfig({
      maxServices: 7,
      maxGraceMs: 1000,
      maxCleanupMs: 1500,
      conditions: ['ready', 'ready', 'started'],
      reacting: true,
    }),
    traits: fc.array(traits, { minLength: 7, maxLength: 7 }),
    maxStarting: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
    signals: fc.array(
      fc.record({ atMs: fc.nat(8000), signal: fc.constantFrom('SIGTERM' as const, 'SIGINT' as const) }),
      { minLength: 0, maxLength: 3 },
    ),
  })
  .map(({ config, traits: all, maxStarting, signals }) => scenarioOf(config, all, maxStarting, signals));

function scenarioOf(
  config: Config,
  all: readonly Traits[],
  maxStarting: number | undefined,
  signals: readonly { readonly atMs: number; readonly signal: 'SIGTERM' | 'SIGINT' }[],
): Scenario {
  const byName = new Map(config.services.map((spec, index) => [spec.name, all[index]!]));
  const cleans = [...byName].flatMap(([name, { cleanupMs }]) =>
    cleanupMs === undefined ? [] : [[`clean ${name}`, { afterMs: cleanupMs }] as const],
  );
  return {
    services: config.services.map((spec): ServiceConfig => {
      const { task, notifies, onFailure, cleanupMs } = byName.get(spec.name)!;
      return {
        ...spec,
        type: task ? 'task' : 'service',
        ready: notifies && !task ? notify : undefined,
        onFailure,
        restart: { ...spec.restart, policy: task ? 'no' : 'on-failure', max: 4, delayMs: 20 },
        cleanup:
          cleanupMs === undefined
            ? []
            : [{ run: { kind: 'shell', script: `clean ${spec.name}` }, timeoutMs: 1000 }],
      };
    }),
    commands: Object.fromEntries(cleans),
    options: { maxStarting },
    behave: (service, attempt) => {
      const { behaviours, task } = byName.get(service)!;
      const chosen = behaviours[(attempt - 1) % behaviours.length]!;
      return task && chosen.endsAfterMs === 'never' ? { ...chosen, endsAfterMs: 40 } : chosen;
    },
    requests: [...signals, { atMs: 20_000, signal: 'SIGTERM' as const }].map(({ atMs, signal }) => ({
      atMs,
      request: { kind: 'signal', signal },
    })),
  };
}

test(`G1 G2 G3 G4 G8 who reacts to a loss is gone in time, and no other law suffers (${RUNS} random graphs)`, async () => {
  let losses = 0;
  let returns = 0;
  await assertAsyncProperty(
    fc.asyncProperty(scenarios, async (scenario) => {
      const seen = await simulate(scenario);
      losses += eventsOf(seen, 'service.stopping').filter(({ reason }) => reason.includes('was lost')).length;
      returns += eventsOf(seen, 'service.pending').filter(({ attempt }) => attempt > 0).length;
      assertLossesAnswered(scenario, seen);
      assertReturnsAwaited(scenario, seen);
      assertStartsAllowed(scenario, seen);
      assertStopOrder(scenario, seen);
      assertCleanups(scenario, seen);
      assertBudget(scenario, seen);
      assertStatus(scenario, seen);
      assertClosed(seen);
      assert.deepEqual(checkRecord(scenario.services, seen.events, { toldWithinMs: 0 }), []);
    }),
    { numRuns: RUNS, includeErrorInReport: true },
  );
  assert.ok(losses > RUNS / 4 && returns > RUNS / 4, `${losses} losses, ${returns} returns`);
});
