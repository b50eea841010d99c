/**
 * Starting and stopping in order, on simulated processes and a virtual clock.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceConfig } from '../../src/config/types.ts';
import { sampleEdge, sampleService } from '../support/sample-config.ts';
import type { Behaviour } from '../support/simulated-launcher.ts';
import { type Simulated, simulate } from '../support/simulation.ts';

const notify = {
  kind: 'notify',
  protocol: 'fd',
  withinMs: 60_000,
  timeoutMs: 1000,
  intervalMs: undefined,
  successes: 1,
} as const;

function chain(...names: string[]): ServiceConfig[] {
  return names.map((name, at) =>
    sampleService(name, {
      ready: notify,
      dependsOn: at === 0 ? [] : [sampleEdge(names[at - 1]!)],
      cleanup: [{ run: { kind: 'shell', script: `clean ${name}` }, timeoutMs: 1000 }],
    }),
  );
}

const cleanups = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [`clean ${name}`, { afterMs: 20 }]));
const sigterm = (atMs: number) => ({ atMs, request: { kind: 'signal', signal: 'SIGTERM' } as const });
const sigint = (atMs: number) => ({ atMs, request: { kind: 'signal', signal: 'SIGINT' } as const });
const happenings = (seen: Simulated) => seen.log.map(({ ms, what, service }) => `${ms} ${what} ${service}`);
const types = (seen: Simulated) =>
  seen.events.map((event) => ('service' in event ? `${event.type} ${event.service}` : event.type));

function assertClosed(seen: Simulated): void {
  assert.equal(seen.alive, 0);
  assert.deepEqual(seen.open, []);
}

test('G1 G2 a chain starts as each becomes ready and stops in reverse, clean-ups first', async () => {
  const seen = await simulate({
    services: chain('db', 'api', 'web'),
    behave: (): Behaviour => ({ readyAfterMs: 300, obeysAfterMs: 10 }),
    commands: cleanups('db', 'api', 'web'),
    requests: [sigterm(5000)],
  });
  assert.deepEqual(happenings(seen), [
    '0 spawn db',
    '300 ready db',
    '300 spawn api',
    '600 ready api',
    '600 spawn web',
    '900 ready web',
    '5000 ask web',
    '5010 exit web',
    '5010 gone web',
    '5030 ask api',
    '5040 exit api',
    '5040 gone api',
    '5060 ask db',
    '5070 exit db',
    '5070 gone db',
  ]);
  assert.deepEqual(
    seen.commands.map((command) => command.text),
    ['clean web', 'clean api', 'clean db'],
  );
  assert.equal(seen.outcome.status, 143);
  assert.equal(seen.outcome.raise, 'SIGTERM');
  assertClosed(seen);
});

test('G3 G8 a crash takes everything down in reverse, cleans it up, and is the cause', async () => {
  const seen = await simulate({
    services: chain('a', 'b', 'c', 'd', 'e').map((s) => ({ ...s, restart: { ...s.restart, policy: 'no' } })),
    behave: (service): Behaviour =>
      service === 'c'
        ? { endsAfterMs: 50, exit: { kind: 'code', code: 7 } }
        : { readyAfterMs: 100, obeysAfterMs: 10 },
    commands: cleanups('a', 'b', 'c', 'd', 'e'),
  });
  assert.deepEqual(
    seen.log.filter((entry) => entry.what === 'spawn').map((entry) => entry.service),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(
    seen.commands.map((command) => command.text),
    ['clean c', 'clean b', 'clean a'],
  );
  assert.equal(seen.outcome.status, 1);
  assert.match(seen.outcome.cause, /"c" failed: exited with code 7 after 50 ms, before it was ready/);
  assert.ok(types(seen).includes('service.skipped d'));
  assertClosed(seen);
});

test('G4 a service that ignores everything is killed at its deadline, which the budget gives', async () => {
  const seen = await simulate({
    services: chain('db', 'api'),
    budgetMs: 3000,
    behave: (service): Behaviour => ({ readyAfterMs: 1, obeysAfterMs: service === 'api' ? 'never' : 10 }),
    commands: cleanups('db', 'api'),
    requests: [sigterm(1000)],
  });
  const killed = seen.events.find((event) => event.type === 'service.killed');
  assert.match(
    killed?.type === 'service.killed' ? killed.reason : '',
    /all that --budget \(3 s\) leaves of its grace of 10 s/,
  );
  assert.ok(seen.endMs <= 4000, `${seen.endMs}`);
  assert.equal(seen.outcome.status, 3);
  assert.deepEqual(
    seen.commands.map((command) => command.text),
    ['clean api', 'clean db'],
  );
  assertClosed(seen);
});

test('the second signal kills in order and still cleans up, the third gives the clean-ups up', async () => {
  const stubborn = {
    services: chain('db', 'api'),
    behave: (): Behaviour => ({ readyAfterMs: 1, obeysAfterMs: 'never' as const }),
    commands: { 'clean db': { afterMs: 500 }, 'clean api': { afterMs: 500 } },
  };
  const twice = await simulate({ ...stubborn, requests: [sigint(1000), sigint(1100), sigint(1500)] });
  assert.deepEqual(
    happenings(twice).slice(-6),
    [
      '1500 kill api',
      '1501 exit api',
      '1501 gone api',
      '2001 ask db',
      '2001 kill db',
      '2002 exit db',
      '2002 gone db',
    ].slice(-6),
  );
  assert.equal(twice.outcome.status, 3);
  const thrice = await simulate({ ...stubborn, requests: [sigint(1000), sigint(1400), sigint(1800)] });
  assert.equal(thrice.endMs <= 1810, true, `${thrice.endMs}`);
  assert.equal(thrice.outcome.status, 3);
  assert.deepEqual(
    thrice.events.flatMap((event) =>
      event.type === 'service.cleanup' ? [`${event.service} ${event.error}`] : [],
    ),
    ['api was cut short', 'db was given up: it never ran'],
  );
  assertClosed(twice);
  assertClosed(thrice);
});

test('G1 a launch that waits for its turn is called off when a dependency is lost meanwhile', async () => {
  const seen = await simulate({
    services: chain('db', 'api'),
    behave: (service, attempt): Behaviour => {
      if (service === 'api') return { queuedMs: 100, readyAfterMs: 1 };
      return attempt === 1
        ? { readyAfterMs: 10, endsAfterMs: 50, exit: { kind: 'code', code: 1 } }
        : { readyAfterMs: 10 };
    },
    commands: cleanups('db', 'api'),
    requests: [sigterm(1000)],
  });
  assert.deepEqual(happenings(seen).slice(0, 7), [
    '0 spawn db',
    '10 ready db',
    '50 exit db',
    '50 gone db',
    '170 spawn db',
    '180 ready db',
    '280 spawn api',
  ]);
});

test('a completed task still stands between what needs it and what it needs', async () => {
  const [db, migrate, api] = chain('db', 'migrate', 'api');
  const seen = await simulate({
    services: [
      db!,
      { ...migrate!, type: 'task', ready: undefined },
      { ...api!, dependsOn: [sampleEdge('migrate', { condition: 'completed' })] },
    ],
    behave: (service): Behaviour =>
      service === 'migrate' ? { endsAfterMs: 20 } : { readyAfterMs: 10, obeysAfterMs: 50 },
    commands: cleanups('db', 'migrate', 'api'),
    requests: [sigterm(1000)],
  });
  assert.deepEqual(
    happenings(seen).filter((line) => line.includes('ask')),
    ['1000 ask api', '1070 ask db'],
  );
  assert.equal(seen.outcome.status, 143);
});

test('who waits for a starting slot is told to stop at once', async () => {
  const free = chain('a', 'b').map((spec) => ({ ...spec, dependsOn: [] }));
  const seen = await simulate({
    services: free,
    options: { maxStarting: 1 },
    behave: (): Behaviour => ({ readyAfterMs: 'never', obeysAfterMs: 500 }),
    commands: cleanups('a', 'b'),
    requests: [sigterm(100)],
  });
  const skipped = seen.events.find((event) => event.type === 'service.skipped');
  assert.equal(skipped?.ms, 100);
  assert.deepEqual(
    happenings(seen).filter((line) => line.includes('spawn')),
    ['0 spawn a'],
  );
});

test('G4 a shutdown that begins while a crash is looked into shortens the grace of what it left behind', async () => {
  const seen = await simulate({
    services: [
      sampleService('a', { onFailure: 'isolate', restart: { ...sampleService('a').restart, policy: 'no' } }),
    ],
    budgetMs: 500,
    behave: (): Behaviour => ({ endsAfterMs: 40, exit: { kind: 'code', code: 3 }, leavesBehind: 5000 }),
    requests: [sigterm(50)],
  });
  assert.ok(seen.endMs <= 550, `${seen.endMs}`);
});

test('G3 a value that a clean-up needs and nobody reported fails the start, not the clean-up', async () => {
  const [db, api] = chain('db', 'api');
  const cleanup = [
    {
      run: { kind: 'shell' as const, script: ['rm ', { service: 'db', value: 'dir' }] },
      timeoutMs: 1000,
    },
  ];
  const seen = await simulate({
    services: [db!, { ...api!, cleanup }],
    behave: (): Behaviour => ({ readyAfterMs: 10 }),
    commands: cleanups('db'),
  });
  assert.deepEqual(
    seen.log.filter((entry) => entry.what === 'spawn').map((entry) => entry.service),
    ['db'],
  );
  assert.match(seen.outcome.cause, /"api" failed: needs \$\{db\.dir\}, but "db" reported no values/);
  assert.deepEqual(
    seen.commands.map((command) => command.text),
    ['clean db'],
  );
  assertClosed(seen);
});

test('G3 a clean-up uses the values its instance was started with, whatever became of them', async () => {
  const [db, api] = chain('db', 'api');
  const cleanup = [
    {
      run: { kind: 'shell' as const, script: ['clean ', { service: 'db', value: 'dir' }] },
      timeoutMs: 1000,
    },
  ];
  const seen = await simulate({
    services: [db!, { ...api!, cleanup }],
    behave: (service, attempt): Behaviour =>
      service === 'db' && attempt === 1
        ? { readyAfterMs: 10, values: { dir: 'first' }, endsAfterMs: 100, exit: { kind: 'code', code: 1 } }
        : { readyAfterMs: 10 },
    commands: { ...cleanups('db'), 'clean first': {} },
    requests: [sigterm(1000)],
  });
  assert.deepEqual(
    seen.commands.map((command) => command.text),
    ['clean db', 'clean first', 'clean db'],
  );
  assert.equal(seen.outcome.status, 143);
  assertClosed(seen);
});

test('G4 G8 a service that is being spawned when the shutdown begins has its grace like the others', async () => {
  const seen = await simulate({
    services: chain('db'),
    behave: (): Behaviour => ({ executedAfterMs: 50, obeysAfterMs: 3000 }),
    commands: cleanups('db'),
    requests: [sigterm(20)],
  });
  assert.deepEqual(happenings(seen), ['0 spawn db', '20 ask db', '3020 exit db', '3020 gone db']);
  assert.equal(seen.outcome.status, 143);
  assertClosed(seen);
});

test('G1 who says that it is ready in the moment of its end is not ready, nor does anything start on its next instance', async () => {
  const seen = await simulate({
    services: chain('db', 'api'),
    behave: (service, attempt): Behaviour =>
      service === 'db' && attempt === 1
        ? { readyAfterMs: 131, endsAfterMs: 131, exit: { kind: 'code', code: 3 } }
        : { readyAfterMs: 200, obeysAfterMs: 5 },
    commands: cleanups('db', 'api'),
    requests: [sigterm(5000)],
  });
  const ready = seen.events.filter(({ type }) => type === 'service.ready');
  assert.deepEqual(
    ready.map((event) => 'attempt' in event && `${event.service} ${event.attempt}`),
    ['db 2', 'api 1'],
  );
  const started = seen.events.find((event) => event.type === 'service.starting' && event.service === 'api');
  assert.ok(started !== undefined && started.ms >= ready[0]!.ms);
  assertClosed(seen);
});
