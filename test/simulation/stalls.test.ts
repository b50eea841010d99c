/**
 * The supervisor could not run for a while: nobody is found late, or killed, for what it missed.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
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
  assert.deepEqual(kills(seen), [25_150]);
  assert.equal(seen.outcome.status, 3);
});

test('G4 who does not end within its grace is killed when the supervisor runs again', async () => {
  const seen = await run({ readyAfterMs: 10, obeysAfterMs: 'never' }, { stalls });
  assert.deepEqual(kills(seen), [25_100]);
  assert.equal(seen.outcome.status, 3);
});
