/**
 * What is left of a run when its services have ended, on simulated processes and a virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { type Scenario, type Simulated, simulate } from '../support/simulation.ts';

const signal = (atMs: number, name: 'SIGTERM' | 'SIGINT' = 'SIGTERM') => ({
  atMs,
  request: { kind: 'signal', signal: name } as const,
});

/** One service that loses a daemon, and what else a test is about. */
function losing(loses: Behaviour['loses'], rest: Partial<Scenario> = {}): Promise<Simulated> {
  return simulate({
    services: [sampleService('db')],
    behave: () => ({
      ...(loses !== undefined && { loses }),
      obeysAfterMs: 10,
      ...(rest.requests ? {} : { endsAfterMs: 500 }),
    }),
    shutdown: { budgetMs: 20_000 },
    ...rest,
  });
}

const ofNone = ({ log }: Simulated) =>
  log.filter(({ service }) => service === '').map(({ ms, what }) => `${ms} ${what}`);
const notes = ({ events }: Simulated) =>
  events.flatMap((event) => (event.type === 'run.note' ? [event.text] : []));

test('G5 where nothing is left there is nothing to see of it', async () => {
  const seen = await losing(undefined, { requests: [signal(1000)] });
  assert.deepEqual([ofNone(seen), notes(seen), seen.endMs], [[], [], 1010]);
});

test('G5 a daemon that obeys at once is asked and gone without a word', async () => {
  const seen = await losing(30, { requests: [signal(1000)] });
  assert.deepEqual(ofNone(seen), ['1010 ask-rest', '1040 gone']);
  assert.deepEqual([notes(seen), seen.outcome.status, seen.alive], [[], 143, 0]);
});

test('G5 its clean-up of a second is waited for, and told of', async () => {
  const seen = await losing(1000, { requests: [signal(1000)] });
  assert.deepEqual(ofNone(seen), ['1010 ask-rest', '2010 gone']);
  assert.deepEqual(notes(seen), ['waiting for what the services left behind: process 9000 (daemon)']);
  assert.equal(seen.outcome.status, 143);
});

test('G4 G5 one that ignores it is killed when the budget leaves just the time for that, with status 3', async () => {
  const seen = await losing('never', { requests: [signal(1000)] });
  assert.deepEqual(ofNone(seen), ['1010 ask-rest', '20750 kill', '20751 gone']);
  assert.equal(seen.outcome.status, 3);
  assert.match(seen.outcome.cause, /process 9000 \(daemon\): still alive when shutdown.budget \(20 s\)/);
});

test('G5 after Ctrl-C it has interrupt_grace, as everything has', async () => {
  const seen = await losing('never', { requests: [signal(1000, 'SIGINT')] });
  assert.deepEqual(ofNone(seen), ['1010 ask-rest', '3010 kill', '3011 gone']);
});

test('G5 a second signal ends the waiting', async () => {
  const seen = await losing('never', { requests: [signal(1000), signal(2000)] });
  assert.deepEqual(ofNone(seen), ['1010 ask-rest', '2000 kill', '2001 gone']);
  assert.match(seen.outcome.cause, /told to stop again/);
});

test('G5 where everything ended by itself the budget begins with the waiting, and a signal cuts it', async () => {
  const seen = await losing('never');
  assert.deepEqual(ofNone(seen), ['500 ask-rest', '20250 kill', '20251 gone']);
  assert.equal(seen.outcome.status, 3);
  const cut = await losing('never', {
    services: [sampleService('db')],
    behave: () => ({ loses: 'never', endsAfterMs: 500 }),
    requests: [signal(3000), signal(4000)],
  });
  assert.deepEqual(ofNone(cut), ['500 ask-rest', '4000 kill', '4001 gone']);
});

/** One service that ends as it is asked to, a daemon of it perhaps, and what somebody left who entered the container. */
function visited(findsForeign: Behaviour['findsForeign'], loses?: Behaviour['loses']): Promise<Simulated> {
  return losing(undefined, {
    behave: () => ({
      obeysAfterMs: 10,
      ...(findsForeign !== undefined && { findsForeign }),
      ...(loses !== undefined && { loses }),
    }),
    requests: [signal(1000)],
  });
}

test('left by docker exec, what obeys costs nothing but its time, and is told', async () => {
  const seen = await visited(30);
  assert.deepEqual(ofNone(seen), ['1010 ask-rest', '1040 gone']);
  assert.deepEqual(notes(seen), [
    'stopping what somebody else left in this container: process 9000 (sleep), which is no process of a service',
  ]);
  assert.deepEqual([seen.outcome.status, seen.alive], [143, 0]);
});

test('left by docker exec, what ignores SIGTERM costs less than a second, and not the status', async () => {
  const seen = await visited('never');
  assert.deepEqual(ofNone(seen), ['1010 ask-rest', '1710 kill', '1711 gone']);
  assert.deepEqual([seen.outcome.status, seen.alive], [143, 0]);
});

test('left by docker exec beside a daemon of a service: that has its time, the other not longer', async () => {
  const slow = await visited('never', 3_000);
  assert.deepEqual([slow.outcome.status, slow.alive], [143, 0]);
  assert.ok(slow.endMs <= 4_400, `${slow.endMs}`);
  const stubborn = await visited(30, 'never');
  assert.deepEqual([stubborn.outcome.status, stubborn.alive], [3, 0]);
  assert.match(stubborn.outcome.cause, /process \d+ \(daemon\): still alive/);
});
