/**
 * Waits without an end, one of each kind: a launch that never reports, a command that no kill ends, an instance that
 * outlives SIGKILL. Deadlines, the budget and further signals reach all of them, and what stays is named.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ServiceConfig } from '../../src/config/types.ts';
import type { FakeRun } from '../support/fake-commands.ts';
import { property } from '../support/property.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { eventsOf, lives } from '../support/simulated-lives.ts';
import { type Simulated, simulate, type TimedRequest } from '../support/simulation.ts';

const signal = (atMs: number): TimedRequest => ({ atMs, request: { kind: 'signal', signal: 'SIGTERM' } });
const timing = { withinMs: 2000, timeoutMs: 500, intervalMs: undefined, successes: 1 } as const;
const ready = { kind: 'notify', protocol: 'fd', ...timing } as const;
const unkillable: FakeRun = { afterMs: Number.POSITIVE_INFINITY, killMs: Number.POSITIVE_INFINITY };
const shell = (script: string) => ({ kind: 'shell', script }) as const;
const never = { policy: 'no' } as const;

function db(overrides: Partial<ServiceConfig> = {}): ServiceConfig {
  const base = sampleService('db');
  const cleanup = [{ run: shell('clean'), timeoutMs: 1000 }];
  return { ...base, ready, cleanup, restart: { ...base.restart, ...never }, ...overrides };
}

const commands = { clean: {} };
const waitsFor = { what: 'its folder "/dead" to answer', ms: 'never' } as const;

const cause = (seen: Simulated): string | undefined => eventsOf(seen, 'service.failed')[0]?.cause;

const survivors = (seen: Simulated): readonly number[] =>
  (eventsOf(seen, 'run.finished')[0]?.survivors ?? []).map(({ pid }) => pid);

test('a launch that waits for a dead folder has failed by its deadline, and says for what it waited', async () => {
  const seen = await simulate({ services: [db()], commands, behave: () => ({ waitsFor }) });
  assert.equal(cause(seen), 'Cannot start "db": waited 2 s for its folder "/dead" to answer');
  assert.deepEqual([seen.outcome.status, seen.endMs, seen.log.length], [1, 2000, 0]);
  assert.deepEqual(seen.commands, [], 'what was never spawned is not cleaned up');
});

test('a readiness deadline that is short is no deadline for what the spawn of a busy machine waits for', async () => {
  const short = db({ ready: { ...ready, withinMs: 100 } });
  const late = { ...waitsFor, ms: 900 };
  const seen = await simulate({
    services: [short],
    commands,
    behave: () => ({ waitsFor: late, readyAfterMs: 90 }),
    requests: [signal(2000)],
  });
  assert.equal(eventsOf(seen, 'service.ready')[0]?.ms, 990);
  const dead = await simulate({ services: [short], commands, behave: () => ({ waitsFor }) });
  assert.equal(cause(dead), 'Cannot start "db": waited 1 s for its folder "/dead" to answer');
});

test('such a launch is called off by a stop at once', async () => {
  const seen = await simulate({
    services: [db()],
    commands,
    behave: () => ({ waitsFor }),
    requests: [signal(500)],
  });
  assert.deepEqual([seen.outcome.status, seen.endMs], [143, 500]);
});

test('waiting for its turn among others is not waiting for ever', async () => {
  const seen = await simulate({
    services: [db()],
    commands,
    behave: () => ({ queuedMs: 7000, readyAfterMs: 10 }),
    requests: [signal(8000)],
  });
  assert.equal(eventsOf(seen, 'service.ready').length, 1);
  assert.equal(seen.outcome.status, 143);
});

test('G3 a launch that never reports is stopped by its deadline, and cleaned up', async () => {
  const seen = await simulate({ services: [db()], commands, behave: () => ({ executedAfterMs: 'never' }) });
  assert.match(cause(seen) ?? '', /^not started within 2 s: /);
  assert.deepEqual(
    seen.log.map(({ ms, what }) => `${ms} ${what}`),
    ['0 spawn', '2000 ask', '2001 exit', '2001 gone'],
  );
  assert.deepEqual(
    seen.commands.map(({ text }) => text),
    ['clean'],
  );
  assert.equal(seen.outcome.status, 1);
});

test('without a readiness deadline a launch that never reports has one all the same', async () => {
  const seen = await simulate({
    services: [db({ ready: undefined })],
    commands,
    behave: () => ({ executedAfterMs: 'never' }),
  });
  assert.match(cause(seen) ?? '', /^not started within 1 m: /);
});

test('the readiness deadline counts from the launch, not from the report', async () => {
  const seen = await simulate({
    services: [db()],
    commands,
    behave: () => ({ executedAfterMs: 1500, readyAfterMs: 2500 }),
  });
  assert.match(cause(seen) ?? '', /^not ready within 2 s: /);
  assert.equal(seen.log.find(({ what }) => what === 'ask')?.ms, 2000);
});

for (const [signals, killedMs] of [
  [[300], 10_300],
  [[300, 1300], 1300],
  [[300, 1300, 2300], 1300],
] as const) {
  test(`G4 a launch that never reports is reached by ${signals.length} signals`, async () => {
    const seen = await simulate({
      services: [db({ ready: undefined })],
      commands,
      behave: () => ({ executedAfterMs: 'never', obeysAfterMs: 'never' }),
      requests: signals.map(signal),
    });
    assert.equal(seen.log.find(({ what }) => what === 'kill')?.ms, killedMs);
    assert.deepEqual([seen.outcome.status, seen.alive], [3, 0]);
  });
}

const survivor = [50_001];

test('G5 a clean-up that no kill ends is given up at its timeout, and named', async () => {
  const seen = await simulate({
    services: [db()],
    commands: { clean: unkillable },
    requests: [signal(1000)],
  });
  assert.deepEqual([seen.outcome.status, seen.endMs, survivors(seen)], [3, 2251, survivor]);
  assert.match(seen.outcome.cause, /a clean-up of "db" was given up after its timeout of 1 s: process 50001/);
});

test('G5 a stop command that no kill ends does not keep its service from being killed', async () => {
  const stop = { ...db().stop, graceMs: 1000, command: shell('stop') };
  const seen = await simulate({
    services: [db({ stop })],
    commands: { ...commands, stop: unkillable },
    requests: [signal(1000)],
  });
  assert.deepEqual([seen.outcome.status, survivors(seen)], [3, survivor]);
  assert.equal(seen.log.find(({ what }) => what === 'kill')?.ms, 2250);
});

test('G5 a probe that no kill ends is given up with its service, and no other is started beside it', async () => {
  const exec = { kind: 'exec', command: shell('probe'), ...timing } as const;
  const seen = await simulate({
    services: [db({ ready: exec })],
    commands: { ...commands, probe: unkillable },
  });
  assert.equal(seen.commands.filter(({ text }) => text === 'probe').length, 1);
  assert.match(cause(seen) ?? '', /not ready within 2 s: exec probe: process 50001 .* can't be killed/);
  assert.deepEqual([seen.outcome.status, survivors(seen)], [1, survivor]);
});

test('G5 a health check that no kill ends counts as failed, and is not made again beside itself', async () => {
  const condition = { kind: 'exec', command: shell('check'), ...timing } as const;
  const health = {
    condition,
    intervalMs: 1000,
    timeoutMs: 500,
    failures: 3,
    successes: 1,
    onFailure: 'restart',
  } as const;
  const seen = await simulate({ services: [db({ health })], commands: { ...commands, check: unkillable } });
  assert.equal(seen.commands.filter(({ text }) => text === 'check').length, 1);
  assert.match(cause(seen) ?? '', /^health check failed 3 times in a row: /);
  assert.deepEqual(survivors(seen), survivor);
});

test('a command that dies of its kill later than it was waited for is no survivor at the end', async () => {
  const seen = await simulate({
    services: [db(), sampleService('api', { dependsOn: [sampleEdge('db', { condition: 'exited' })] })],
    commands: { clean: { ...unkillable, killMs: 3000 } },
    behave: (service): Behaviour => (service === 'db' ? { readyAfterMs: 1, endsAfterMs: 100 } : {}),
    requests: [signal(20_000)],
  });
  assert.deepEqual([seen.outcome.status, survivors(seen)], [143, []]);
  const notes = eventsOf(seen, 'service.note').map(({ text }) => text);
  assert.deepEqual(notes, ['process 50001 (clean) outlived SIGKILL']);
});

const restarts = { ...sampleService('db').restart, policy: 'on-failure' } as const;
const stubborn: Behaviour = { readyAfterMs: 10, endsAfterMs: 1000, exit: { kind: 'code', code: 1 } };

test('no instance is started beside one that outlived SIGKILL: it waits for its end', async () => {
  const seen = await simulate({
    services: [db({ ready: undefined, restart: restarts, stop: { ...db().stop, graceMs: 500 } })],
    commands,
    behave: (_, attempt): Behaviour =>
      attempt === 1 ? { ...stubborn, leavesBehind: 'never', deathMs: 5000 } : { readyAfterMs: 10 },
    requests: [signal(30_000)],
  });
  const [first, second] = lives(seen, 'db');
  assert.ok(first !== undefined && second !== undefined);
  assert.ok(second.spawnMs >= first.goneMs, `${second.spawnMs} is before ${first.goneMs}`);
  assert.deepEqual([seen.outcome.status, survivors(seen)], [143, []]);
  assert.ok(
    eventsOf(seen, 'service.note').some(({ text }) => text.startsWith('is not started again before process')),
  );
});

test('G5 it has failed for good if that takes too long, by the name of the process', async () => {
  const seen = await simulate({
    services: [db({ ready: undefined, restart: restarts, stop: { ...db().stop, graceMs: 500 } })],
    commands,
    behave: (): Behaviour => ({ ...stubborn, leavesBehind: 'never', immortal: true }),
  });
  assert.equal(lives(seen, 'db').length, 1);
  assert.match(
    cause(seen) ?? '',
    /^process 1000 \(immortal\) of its last instance outlived SIGKILL and has not ended within 30 s/,
  );
  assert.deepEqual([seen.outcome.status, survivors(seen)], [1, [1000]]);
});

test('a stop ends the wait for one that outlived SIGKILL', async () => {
  const seen = await simulate({
    services: [db({ ready: undefined, restart: restarts, stop: { ...db().stop, graceMs: 500 } })],
    commands,
    behave: (): Behaviour => ({ ...stubborn, leavesBehind: 'never', immortal: true }),
    requests: [signal(10_000)],
  });
  assert.equal(seen.endMs, 10_000);
  assert.deepEqual([seen.outcome.status, survivors(seen)], [3, [1000]]);
  assert.match(seen.outcome.cause, /process 1000 \(immortal\) of "db" outlived SIGKILL/);
});

const when = fc.constantFrom(0, 1, 50, 'never' as const);
const behaviour: fc.Arbitrary<Behaviour> = fc.record(
  {
    waitsFor: fc.record({ what: fc.constant('it'), ms: when }),
    executedAfterMs: when,
    readyAfterMs: when,
    obeysAfterMs: when,
    leavesBehind: when,
    immortal: fc.boolean(),
    deathMs: fc.constantFrom(1, 200, 2000),
  },
  { requiredKeys: [] },
);
const fakeRun = fc.constantFrom<FakeRun>({}, { afterMs: 100 }, { ...unkillable, killMs: 50 }, unkillable);

property(
  'G4 G5 whatever never ends, a shutdown ends within its budget and names what is alive',
  fc.record({
    behaviours: fc.tuple(behaviour, behaviour, behaviour),
    clean: fakeRun,
    stop: fakeRun,
    probe: fakeRun,
    atMs: fc.nat(3000),
    more: fc.subarray([400, 800]),
    chained: fc.boolean(),
  }),
  async ({ behaviours, clean, stop, probe, atMs, more, chained }) => {
    const exec = { kind: 'exec', command: shell('probe'), ...timing } as const;
    const services = ['a', 'b', 'c'].map((name, index) =>
      db({
        name,
        stop: { ...db().stop, graceMs: 1000, command: index === 0 ? shell('stop') : undefined },
        ready: index === 1 ? exec : ready,
        dependsOn: chained && index > 0 ? [sampleEdge(['a', 'b'][index - 1]!, { condition: 'started' })] : [],
      }),
    );
    const seen = await simulate({
      services,
      commands: { clean, stop, probe },
      behave: (service) => behaviours['abc'.indexOf(service)]!,
      budgetMs: 10_000,
      requests: [signal(atMs), ...more.map((laterMs) => signal(atMs + laterMs))],
    });
    const begun = eventsOf(seen, 'shutdown.requested')[0]?.ms ?? 0;
    assert.ok(seen.endMs <= begun + 11_000, `ended ${seen.endMs - begun} ms after its cause`);
    const named = survivors(seen);
    const commandsAlive = seen.commands.filter(({ endedMs }) => endedMs === undefined).length;
    assert.ok(
      named.length >= Math.max(seen.alive, commandsAlive),
      `${named} of ${seen.alive}, ${commandsAlive}`,
    );
    if (named.length > 0) assert.ok([1, 3].includes(seen.outcome.status));
  },
);
