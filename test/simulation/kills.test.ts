/**
 * What gave a service no more time to stop is told, and it is true: whoever follows the advice sees no kill any more.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ServiceConfig } from '../../src/config/types.ts';
import type { KillLimit } from '../../src/events/failure.ts';
import { assertAsyncProperty } from '../support/assert-property.ts';
import { runs } from '../support/runs.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import { type Scenario, type Simulated, simulate } from '../support/simulation.ts';

/** What each needs to stop, its grace, and how it depends on those before it. */
interface Part {
  readonly needsMs: number;
  readonly graceMs: number;
  readonly to: number;
}

interface Settings {
  readonly graces: ReadonlyMap<string, number>;
  readonly budgetMs: number;
  readonly interruptMs: number;
  readonly needs: ReadonlyMap<string, number>;
}

const named = (at: number) => `s${at}`;

function serviceOf(part: Part, at: number, { graces }: Settings): ServiceConfig {
  const name = named(at);
  const graceMs = graces.get(name)!;
  return sampleService(name, {
    dependsOn: at === 0 ? [] : [sampleEdge(named(part.to % at))],
    stop: { signal: 'SIGTERM', graceMs, command: undefined, target: 'group' },
  });
}

function stop(
  parts: readonly Part[],
  settings: Settings,
  signal: 'SIGTERM' | 'SIGINT',
  more: Partial<Scenario> = {},
) {
  return simulate({
    services: parts.map((part, at) => serviceOf(part, at, settings)),
    shutdown: { budgetMs: settings.budgetMs, interruptGraceMs: settings.interruptMs },
    behave: (name) => ({ obeysAfterMs: settings.needs.get(name)! }),
    requests: [{ atMs: 1000, request: { kind: 'signal', signal } }],
    ...more,
  });
}

const killed = (seen: Simulated) => eventsOf(seen, 'service.killed').map(({ service }) => service);

/** As somebody does who has read the advice: each setting that it names is raised, or who was slow is made quick. */
function follow(limit: KillLimit, service: string, before: Settings, mendsOthers: boolean): Settings {
  const needMs = before.needs.get(service)! + 1;
  const has = (setting: string) => limit.settings.includes(setting);
  const isSlow = mendsOthers && limit.slow !== undefined;
  const { needs, graces, budgetMs, interruptMs } = before;
  return {
    needs: isSlow ? new Map(needs).set(limit.slow!.service, 0) : needs,
    graces: has('stop.grace') ? new Map(graces).set(service, Math.max(needMs, graces.get(service)!)) : graces,
    interruptMs: has('shutdown.interrupt_grace') ? Math.max(needMs, interruptMs) : interruptMs,
    budgetMs: has('shutdown.budget') && !isSlow ? Math.max(limit.whole_ms!, budgetMs) : budgetMs,
  };
}

const parts: fc.Arbitrary<readonly Part[]> = fc.array(
  fc.record({
    needsMs: fc.oneof(fc.nat(20), fc.nat(12_000)),
    graceMs: fc.oneof(fc.constant(2000), fc.constant(10_000), fc.nat(10_000)),
    to: fc.nat(20),
  }),
  { minLength: 1, maxLength: 12 },
);
const wishes = fc.record({
  budgetMs: fc.integer({ min: 500, max: 30_000 }),
  interruptMs: fc.oneof(fc.constant(2000), fc.nat(10_000)),
  signal: fc.constantFrom('SIGTERM' as const, 'SIGINT' as const),
  mendsOthers: fc.boolean(),
});

test('G8 whoever does what the advice after a kill says, again and again, sees no kill any more', async () => {
  await assertAsyncProperty(
    fc.asyncProperty(parts, wishes, async (graph, { signal, mendsOthers, ...rest }) => {
      const own = (of: (part: Part) => number) =>
        new Map(graph.map((part, at): [string, number] => [named(at), of(part)]));
      let settings: Settings = { ...rest, needs: own((p) => p.needsMs), graces: own((p) => p.graceMs) };
      // For each service its grace, the most of it, the budget for both, and each that was slow.
      for (let round = 0; ; round++) {
        const seen = await stop(graph, settings, signal);
        const { failure } = eventsOf(seen, 'run.finished')[0]!;
        if (killed(seen).length === 0) {
          assert.equal(seen.outcome.status, signal === 'SIGINT' ? 130 : 143);
          return;
        }
        assert.ok(round <= 5 * graph.length, 'the advice leads nowhere');
        assert.equal(failure?.kind, 'killed');
        assert.equal(failure.service, killed(seen)[0]);
        const { limit } = failure;
        assert.ok(limit !== undefined);
        for (const setting of limit.settings) assert.ok(failure.advice.includes(setting), failure.advice);
        const next = follow(limit, failure.service, settings, mendsOthers);
        assert.notDeepEqual(next, settings, `nothing was left to raise: ${failure.advice}`);
        settings = next;
      }
    }),
    runs(300),
  );
});

const two: readonly Part[] = [
  { needsMs: 0, graceMs: 0, to: 0 },
  { needsMs: 0, graceMs: 0, to: 0 },
];

interface Row {
  readonly what: string;
  readonly signal: 'SIGTERM' | 'SIGINT';
  /** Of `s1`, which needs `s0` and stops first, and of `s0`. */
  readonly needs: readonly [number, number];
  readonly graces: readonly [number, number];
  readonly budgetMs?: number;
  readonly interactive?: boolean;
  readonly settings: readonly string[];
  readonly reason: RegExp;
}

const rows: readonly Row[] = [
  {
    ...{ what: 'its own grace', signal: 'SIGTERM', needs: [9000, 0], graces: [3000, 1000] },
    ...{ settings: ['stop.grace'], reason: /^still alive after its grace of 3 s$/ },
  },
  {
    ...{
      what: 'its own grace, shorter than that after Ctrl-C',
      signal: 'SIGINT',
      needs: [9000, 0],
      graces: [1000, 1000],
    },
    ...{ settings: ['stop.grace'], reason: /^still alive after its grace of 1 s$/ },
  },
  {
    ...{ what: 'Ctrl-C', signal: 'SIGINT', needs: [3000, 0], graces: [8000, 1000] },
    settings: ['shutdown.interrupt_grace'],
    reason: /^still alive after 2 s, all that shutdown.interrupt_grace gives it of its grace of 8 s$/,
  },
  {
    ...{ what: 'both', signal: 'SIGINT', needs: [3000, 0], graces: [2000, 1000] },
    settings: ['stop.grace', 'shutdown.interrupt_grace'],
    reason: /^still alive after its grace of 2 s, as long as shutdown.interrupt_grace$/,
  },
  {
    ...{
      what: 'SIGINT without a terminal',
      signal: 'SIGINT',
      interactive: false,
      needs: [9000, 0],
      graces: [8000, 1000],
    },
    ...{ settings: ['stop.grace'], reason: /^still alive after its grace of 8 s$/ },
  },
  {
    ...{
      what: 'the budget, used up by another',
      signal: 'SIGTERM',
      needs: [4000, 6000],
      graces: [10_000, 10_000],
    },
    ...{ budgetMs: 9000, settings: ['shutdown.budget'] },
    reason:
      /^still alive after 4.8 s, all that shutdown.budget \(9 s\) leaves of its grace of 10 s; "s1" took 4 s before it$/,
  },
  {
    ...{
      what: 'the budget, put aside for others',
      signal: 'SIGTERM',
      needs: [9000, 0],
      graces: [10_000, 10_000],
    },
    ...{ budgetMs: 9000, settings: ['shutdown.budget'] },
    reason: /^still alive after 4.3 s, all that shutdown.budget \(9 s\) leaves of its grace of 10 s$/,
  },
];

for (const { what, signal, needs, graces, budgetMs = 28_000, interactive = true, settings, reason } of rows) {
  test(`what gave it no more time: ${what}`, async () => {
    const of = ([s1, s0]: readonly [number, number]) =>
      new Map([
        ['s0', s0],
        ['s1', s1],
      ]);
    const given = { needs: of(needs), graces: of(graces), budgetMs, interruptMs: 2000 };
    const seen = await stop(two, given, signal, { interactive });
    const [kill, ...more] = eventsOf(seen, 'service.killed');
    assert.deepEqual(more, []);
    assert.deepEqual(kill?.settings, settings);
    assert.match(kill?.reason ?? '', reason);
    assert.equal(seen.outcome.status, 3);
  });
}

test('who was asked before a shutdown began is held by what holds it then', async () => {
  const notify = {
    kind: 'notify',
    protocol: 'fd',
    withinMs: 500,
    timeoutMs: 1,
    intervalMs: undefined,
    successes: 1,
  } as const;
  const seen = await simulate({
    services: [
      sampleService('s0', {
        ready: notify,
        stop: { signal: 'SIGTERM', graceMs: 3000, command: undefined, target: 'group' },
      }),
    ],
    behave: () => ({ obeysAfterMs: 'never' }),
    // Asked at 500, so its grace ends before what Ctrl-C leaves from 2000 on.
    requests: [{ atMs: 2000, request: { kind: 'signal', signal: 'SIGINT' } }],
  });
  const [kill] = eventsOf(seen, 'service.killed');
  assert.deepEqual([kill?.ms, kill?.settings], [3500, ['stop.grace']]);
});

test('Ctrl-C during a collapse leaves each what it leaves, and what is left of the budget is shared', async () => {
  const policy = { ...sampleService('any').restart, policy: 'no' } as const;
  const stubborn = { obeysAfterMs: 'never' as const };
  const seen = await simulate({
    services: [
      sampleService('db'),
      sampleService('api', { dependsOn: [sampleEdge('db')] }),
      sampleService('job', { restart: policy, dependsOn: [sampleEdge('db')] }),
    ],
    behave: (name) => (name === 'job' ? { endsAfterMs: 100, exit: { kind: 'code', code: 1 } } : stubborn),
    requests: [{ atMs: 1000, request: { kind: 'signal', signal: 'SIGINT' } }],
  });
  assert.deepEqual(
    eventsOf(seen, 'service.killed').map(({ ms, service, settings }) => [ms, service, settings]),
    [
      [3000, 'api', ['shutdown.interrupt_grace']],
      [5001, 'db', ['shutdown.interrupt_grace']],
    ],
  );
});

test('a second signal is why, and no setting would have helped', async () => {
  const given = {
    needs: new Map([
      ['s0', 0],
      ['s1', 9000],
    ]),
    graces: new Map([
      ['s0', 1],
      ['s1', 9000],
    ]),
    budgetMs: 28_000,
    interruptMs: 2000,
  };
  const again = [1000, 2000].map((atMs) => ({
    atMs,
    request: { kind: 'signal', signal: 'SIGTERM' } as const,
  }));
  const seen = await stop(two, given, 'SIGTERM', { requests: again });
  const { failure } = eventsOf(seen, 'run.finished')[0]!;
  assert.deepEqual([failure?.kind, failure?.limit], ['killed', undefined]);
  assert.match(failure?.advice ?? '', /told to stop again$/);
});
