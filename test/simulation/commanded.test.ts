/**
 * Random graphs under random commands, crashes and failing starts, on the virtual clock: the guarantees hold, every request
 * settles, and everything comes to where it belongs.
 */
import { test } from 'node:test';
import fc from 'fast-check';
import type { ServiceConfig } from '../../src/config/types.ts';
import { assertAsyncProperty } from '../support/assert-property.ts';
import { assertCommandLaws } from '../support/command-laws.ts';
import { asked, NOTIFY, service, signal } from '../support/commanding.ts';
import type { FakeRun } from '../support/fake-commands.ts';
import { randomConfig } from '../support/random-graph.ts';
import { runs } from '../support/runs.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { type Scenario, simulate, type TimedRequest } from '../support/simulation.ts';

const RUNS = runs(1500);
/** From then on nothing fails any more. */
const CALM_MS = 40_000;
const QUIET_MS = 300_000;

const exit = fc.constantFrom({ kind: 'code' as const, code: 0 }, { kind: 'code' as const, code: 3 });
const behaviour: fc.Arbitrary<Behaviour> = fc.record(
  {
    readyAfterMs: fc.oneof(
      { weight: 4, arbitrary: fc.nat(2000) },
      { weight: 1, arbitrary: fc.constant('never' as const) },
    ),
    obeysAfterMs: fc.oneof(
      { weight: 4, arbitrary: fc.nat(3000) },
      { weight: 1, arbitrary: fc.constant('never' as const) },
    ),
    endsAfterMs: fc.oneof(
      { weight: 2, arbitrary: fc.constant('never' as const) },
      { weight: 1, arbitrary: fc.nat(6000) },
    ),
    exit,
    leavesBehind: fc.nat(500),
    queuedMs: fc.nat(200),
  },
  { requiredKeys: ['readyAfterMs', 'obeysAfterMs', 'endsAfterMs', 'exit'] },
);

const traits = fc.record({
  isTask: fc.nat(4).map((n) => n === 0),
  max: fc.nat(3),
  policy: fc.constantFrom('no' as const, 'on-failure' as const, 'always' as const),
  onFailure: fc.constantFrom('isolate' as const, 'ignore' as const),
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 3 }),
  cleanup: fc.boolean(),
});

const requests = fc.array(
  fc.record({
    atMs: fc.nat(25_000),
    kind: fc.constantFrom('start' as const, 'stop' as const, 'restart' as const),
    of: fc.nat(20),
    noDeps: fc.boolean(),
    withDependents: fc.boolean(),
  }),
  { maxLength: 12 },
);

const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    config: randomConfig({ maxServices: 6, maxGraceMs: 4000, maxCleanupMs: 500, reacting: true }),
    traits: fc.array(traits, { minLength: 7, maxLength: 7 }),
    requests,
    endsEarly: fc.option(fc.nat(30_000), { nil: undefined, freq: 4 }),
  })
  .map(({ config, traits: all, requests: wanted, endsEarly }) => {
    const commands: Record<string, FakeRun> = {};
    const services = config.services.map((spec, at): ServiceConfig => {
      const own = all[at % all.length]!;
      const clean = `clean ${spec.name}`;
      commands[clean] = { afterMs: 100 };
      return {
        ...service(spec.name),
        type: own.isTask ? 'task' : 'service',
        dependsOn: spec.dependsOn,
        ready: own.isTask ? undefined : { ...NOTIFY, withinMs: 3000 },
        onFailure: own.onFailure,
        stop: spec.stop,
        restart: {
          ...spec.restart,
          policy: own.isTask && own.policy === 'always' ? 'on-failure' : own.policy,
          max: own.max,
          delayMs: 200,
          jitter: 0,
        },
        cleanup: own.cleanup ? [{ run: { kind: 'shell', script: clean }, timeoutMs: 500 }] : [],
      };
    });
    const of = new Map(services.map(({ name }, at) => [name, all[at % all.length]!]));
    const commandsAt = wanted.map(({ atMs, kind, of: at, noDeps, withDependents }): TimedRequest => {
      const { name } = services[at % services.length]!;
      if (kind === 'restart')
        return asked(atMs, kind, name, { withDependents, noDeps: noDeps && !withDependents });
      return asked(atMs, kind, name, { noDeps });
    });
    const end = endsEarly ?? QUIET_MS + 1000;
    return {
      services,
      commands,
      interactive: false,
      behave: (name, attempt, atMs) => {
        const { behaviours, isTask } = of.get(name)!;
        const calm = { readyAfterMs: 10, obeysAfterMs: 10, ...(isTask && { endsAfterMs: 50 }) };
        if (atMs > CALM_MS) return calm;
        const chosen = behaviours[(attempt - 1) % behaviours.length]!;
        return { ...chosen, ...(isTask && chosen.endsAfterMs === 'never' && { endsAfterMs: 40 }) };
      },
      requests: [...commandsAt, signal(end)],
      options: { isDetached: true },
    };
  });

test(`GU-1 GU-2 GU-4 GU-9 GU-10 GU-11 hold on ${RUNS.numRuns} random graphs under random commands`, async () => {
  await assertAsyncProperty(
    fc.asyncProperty(scenarios, async (scenario) => {
      const seen = await simulate(scenario);
      assertCommandLaws(scenario, seen, QUIET_MS);
    }),
    RUNS,
  );
});
