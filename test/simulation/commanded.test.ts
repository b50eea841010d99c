/**
 * Random graphs under random commands, changes of the graph, crashes and failing starts, on the virtual clock: the guarantees
 * hold, every request settles, and everything comes to where it belongs.
 */
import { test } from 'node:test';
import fc from 'fast-check';
import type { ServiceConfig } from '../../src/config/types.ts';
import { assertAsyncProperty } from '../support/assert-property.ts';
import { assertCommandLaws } from '../support/command-laws.ts';
import { add, asked, NOTIFY, reload, service, signal } from '../support/commanding.ts';
import type { FakeRun } from '../support/fake-commands.ts';
import { beforeOf, ending, someAhead } from '../support/random-ahead.ts';
import { randomConfig } from '../support/random-graph.ts';
import { runs } from '../support/runs.ts';
import { sampleEdge } from '../support/sample-config.ts';
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
  ahead: someAhead,
});

/** What becomes of one service in a changed graph. */
const mutation = fc.constantFrom(
  ...(['same', 'same', 'same', 'program', 'edges', 'in-place', 'gone'] as const),
);

const request = fc.record({
  atMs: fc.nat(25_000),
  kind: fc.constantFrom(
    ...(['start', 'stop', 'restart', 'signal', 'reload', 'reload', 'add', 'remove'] as const),
    ...(['lease', 'lease', 'release'] as const),
  ),
  of: fc.nat(20),
  noDeps: fc.boolean(),
  withDependents: fc.boolean(),
  signal: fc.constantFrom('SIGKILL' as const, 'SIGTERM' as const, 'SIGHUP' as const),
  mutations: fc.array(mutation, { minLength: 7, maxLength: 7 }),
  extra: fc.boolean(),
});
const requests = fc.array(request, { maxLength: 12 });
type RoughRequest = typeof request extends fc.Arbitrary<infer R> ? R : never;

/** All but those whose bit is set, and what can't be without them. */
function selectedOf(services: readonly ServiceConfig[], unselected: number): ReadonlySet<string> {
  const out = new Set(services.filter((_, at) => (unselected >> at) % 2 === 1).map(({ name }) => name));
  for (const name of out)
    for (const spec of services)
      if (spec.dependsOn.some(({ service: to, optional }) => to === name && !optional)) out.add(spec.name);
  return new Set(services.map(({ name }) => name).filter((name) => !out.has(name)));
}

/** The same graph, but for what the request says is different in it. */
function changed(
  services: readonly ServiceConfig[],
  { of, mutations, extra, noDeps }: RoughRequest,
  at: number,
): readonly ServiceConfig[] {
  const how = (index: number) => mutations[index % mutations.length]!;
  const stays = services.filter((_, index) => how(index) !== 'gone');
  const names = new Set(stays.map(({ name }) => name));
  const all = services.flatMap((spec, index): ServiceConfig[] => {
    if (!names.has(spec.name)) return [];
    const dependsOn = spec.dependsOn.filter(
      ({ service: to }, edge) => names.has(to) && (how(index) !== 'edges' || edge % 2 === of % 2),
    );
    const program = how(index) === 'program' ? { command: programOf(spec.name, at) } : {};
    const inPlace =
      how(index) === 'in-place'
        ? { restart: { ...spec.restart, max: of % 4 }, cleanup: cleanupOf(spec.name, at) }
        : {};
    return [{ ...spec, dependsOn, ...program, ...inPlace }];
  });
  return extra ? [...all, addition(all, of, at, noDeps)] : all;
}

function addition(
  services: readonly ServiceConfig[],
  of: number,
  at: number,
  isTask: boolean,
): ServiceConfig {
  const on = services[of % Math.max(1, services.length)];
  const name = `${isTask ? 't' : 'x'}${of % 3}`;
  return {
    ...service(name),
    type: isTask ? 'task' : 'service',
    ready: isTask ? undefined : { ...NOTIFY, withinMs: 3000 },
    command: programOf(name, at),
    onFailure: 'isolate',
    restart: {
      ...service(name).restart,
      policy: isTask ? 'no' : 'on-failure',
      delayMs: 200,
      jitter: 0,
      max: 2,
    },
    dependsOn:
      on === undefined || on.name === name
        ? []
        : [{ ...sampleEdge(on.name), condition: on.type === 'task' ? 'completed' : 'ready' }],
  };
}

const programOf = (name: string, at: number) => ({ kind: 'exec' as const, argv: [name, `v${at}`] });
const cleanupOf = (name: string, at: number) => [
  { run: { kind: 'shell' as const, script: `clean ${name} v${at}` }, timeoutMs: 500 },
];

const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    config: randomConfig({ maxServices: 6, maxGraceMs: 4000, maxCleanupMs: 500, reacting: true }),
    traits: fc.array(traits, { minLength: 7, maxLength: 7 }),
    requests,
    unselected: fc.option(fc.nat(127), { nil: 0, freq: 3 }),
    endsEarly: fc.option(fc.nat(30_000), { nil: undefined, freq: 4 }),
  })
  .map(({ config, traits: all, requests: wanted, unselected, endsEarly }) => {
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
        command: programOf(spec.name, -1),
        ...beforeOf(own.ahead),
        cleanup: own.cleanup ? [{ run: { kind: 'shell', script: clean }, timeoutMs: 500 }] : [],
      };
    });
    const of = new Map(services.map(({ name }, at) => [name, all[at % all.length]!]));
    const commandsAt = wanted.map((rough, at): TimedRequest => {
      const { atMs, kind, of: index, noDeps, withDependents, signal: sent } = rough;
      const id = `q${at}`;
      const names = [...services.map((spec) => spec.name), 'x0', 'x1', 't0'];
      const name = names[index % names.length]!;
      for (const one of names) commands[`clean ${one} v${at}`] = { afterMs: 100 };
      switch (kind) {
        case 'restart':
          return asked(atMs, kind, name, { id, withDependents, noDeps: noDeps && !withDependents });
        case 'signal':
          return asked(atMs, kind, name, { id, signal: sent });
        case 'reload':
          return reload(atMs, changed(services, rough, at), { id, noRollback: withDependents });
        case 'add':
          return add(atMs, addition(services, index, at, noDeps), { id });
        case 'remove':
          return asked(atMs, kind, name, { id });
        case 'lease':
          return asked(atMs, 'start', name, { id, lease: `c${index % 2}`, forCommand: noDeps });
        case 'release':
          return asked(atMs, 'release', [], { id, lease: `c${index % 2}` });
        default:
          return asked(atMs, kind, name, { id, noDeps });
      }
    });
    const end = endsEarly ?? QUIET_MS + 1000;
    return {
      services,
      commands,
      interactive: false,
      behave: (name, attempt, atMs) => {
        const { behaviours, isTask, ahead } = of.get(name) ?? { ...all[0]!, isTask: name.startsWith('t') };
        const calm = {
          diesOf: ['SIGTERM'],
          readyAfterMs: 10,
          obeysAfterMs: 10,
          ...(isTask && { endsAfterMs: 50 }),
        };
        if (atMs > CALM_MS) return calm;
        const chosen = behaviours[(attempt - 1) % behaviours.length]!;
        return {
          ...chosen,
          ahead: isTask ? ending(ahead) : ahead,
          diesOf: ['SIGTERM'],
          ...(isTask && chosen.endsAfterMs === 'never' && { endsAfterMs: 40 }),
        };
      },
      requests: [...commandsAt, signal(end)],
      options: { isDetached: true, ...(unselected > 0 && { selected: selectedOf(services, unselected) }) },
    };
  });

test(`GU-1 GU-2 GU-3 GU-4 GU-5 GU-6 GU-7 GU-9 GU-10 GU-11 hold on ${RUNS.numRuns} random graphs under random commands`, async () => {
  await assertAsyncProperty(
    fc.asyncProperty(scenarios, async (scenario) => {
      const seen = await simulate(scenario);
      assertCommandLaws(scenario, seen, QUIET_MS);
    }),
    RUNS,
  );
});
