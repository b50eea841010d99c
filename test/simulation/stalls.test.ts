/**
 * The supervisor could not run for a while: nobody is found late, or killed, for what it missed.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf } from '../support/simulated-lives.ts';
import { type Scenario, type Simulated, simulate } from '../support/simulation.ts';

const ready = {
  kind: 'notify',
  protocol: 'fd',
  withinMs: 1000,
  timeoutMs: 1000,
  intervalMs: undefined,
  successes: 1,
} as const;
const stop = { signal: 'SIGTERM', graceMs: 1000, command: undefined, target: 'group' } as const;
const restart = { ...sampleService('db').restart, policy: 'no' } as const;
const db = sampleService('db', { ready, stop, restart });
const term = (atMs: number) => ({ atMs, request: { kind: 'signal', signal: 'SIGTERM' } as const });

const run = (behaviour: Behaviour, scenario: Partial<Scenario> = {}): Promise<Simulated> =>
  simulate({ services: [db], behave: () => behaviour, requests: [term(20_000)], ...scenario });

const early = [{ atMs: 100, forMs: 6000 }];
const told = (seen: Simulated) => seen.events.map(({ type, ms }) => `${type.split('.')[1]} ${ms}`);

test('who became ready while the supervisor was stopped is ready, however late it hears of it', async () => {
  const seen = await run({ readyAfterMs: 900 }, { stalls: early });
  assert.ok(told(seen).includes('ready 6100'), told(seen).join());
  assert.equal(seen.outcome.status, 143);
});

test('who was stopped with the supervisor has the time that it lost', async () => {
  const seen = await run({ readyAfterMs: 6900 }, { stalls: early });
  assert.ok(told(seen).includes('ready 6900'), told(seen).join());
  const late = await run({ readyAfterMs: 'never' }, { stalls: early });
  const failed = late.events.find((event) => event.type === 'service.failed');
  assert.deepEqual(
    [failed?.cause, told(late).find((event) => event.startsWith('stopping'))],
    ['not ready within 1 s: no notification over fd 3', 'stopping 7000'],
  );
});

const kills = (seen: Simulated) => seen.log.filter(({ what }) => what === 'kill').map(({ ms }) => ms);
const stalls = [{ atMs: 20_100, forMs: 5000 }];

test('G8 who ends within its grace while the supervisor is stopped past it is not killed', async () => {
  const seen = await run({ readyAfterMs: 10, obeysAfterMs: 500 }, { stalls });
  assert.deepEqual(kills(seen), []);
  assert.equal(seen.outcome.status, 143);
});

test('G4 what its main process left is asked, and has no more time than the grace, which is over', async () => {
  const seen = await run({ readyAfterMs: 10, obeysAfterMs: 500, leavesBehind: 300 }, { stalls });
  assert.deepEqual(kills(seen), [25_350]);
  assert.equal(seen.outcome.status, 3);
});

test('G4 who does not end within its grace is killed when the supervisor runs again', async () => {
  const seen = await run({ readyAfterMs: 10, obeysAfterMs: 'never' }, { stalls });
  assert.deepEqual(kills(seen), [25_350]);
  assert.equal(seen.outcome.status, 3);
});

test('G4 who is asked late, because the supervisor was stopped, has its whole grace from then on', async () => {
  const alone = await run({ readyAfterMs: 10, obeysAfterMs: 500, stallsAsking: 5000 });
  assert.deepEqual([kills(alone), alone.outcome.status], [[], 143]);
  const stubborn = await run({ readyAfterMs: 10, obeysAfterMs: 'never', stallsAsking: 5000 });
  assert.deepEqual([kills(stubborn), stubborn.outcome.status], [[26_000], 3]);
});

/** Three in a row, of a budget of 12 s: reserves take 750 ms, each grace is whole. */
const three = ['s0', 's1', 's2'].map((name, at) =>
  sampleService(name, {
    dependsOn: at === 0 ? [] : [sampleEdge(`s${at - 1}`)],
    stop: { ...stop, graceMs: 3000 },
  }),
);

const lastly = (seen: Simulated, service: string) => {
  const [killed] = eventsOf(seen, 'service.killed').filter((event) => event.service === service);
  const asked = seen.log.find((entry) => entry.what === 'ask' && entry.service === service)!.ms;
  return [asked, killed && killed.ms - asked, killed?.reason] as const;
};

test('G4 of what a stall leaves of the budget each that comes after it has its share', async () => {
  const seen = await simulate({
    services: three,
    budgetMs: 12_000,
    behave: (name) => ({ obeysAfterMs: name === 's2' ? 10 : 'never' }),
    requests: [term(20_000)],
    stalls: [{ atMs: 20_005, forMs: 8495 }],
  });
  // 3.5 s are left for two, 250 ms of them for each to be killed.
  const reason =
    'still alive after 1.5 s, all that --budget (12 s) leaves of its grace of 3 s; "s2" took 8.5 s before it';
  assert.deepEqual(lastly(seen, 's1'), [28_500, 1500, reason]);
  assert.deepEqual(lastly(seen, 's0').slice(0, 2), [30_001, 1749]);
  assert.equal(seen.endMs, 31_751);
});

test('G4 of what a clean-up beyond its reserve leaves of the budget each that comes after it has its share', async () => {
  const cleanup = [{ run: { kind: 'shell', script: 'clean' }, timeoutMs: 10_000, untimed: true }] as const;
  const seen = await simulate({
    services: three.map((spec) => (spec.name === 's2' ? { ...spec, cleanup } : spec)),
    budgetMs: 12_000,
    commands: { clean: { afterMs: 8490 } },
    behave: (name) => ({ obeysAfterMs: name === 's2' ? 10 : 'never' }),
    requests: [term(20_000)],
  });
  assert.deepEqual(lastly(seen, 's1').slice(0, 2), [28_500, 1500]);
  assert.deepEqual(lastly(seen, 's0').slice(0, 2), [30_001, 1749]);
});
