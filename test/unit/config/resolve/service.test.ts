import assert from 'node:assert/strict';
import test from 'node:test';
import type { ServiceConfig } from '../../../../src/config/types.ts';
import { goodConfig, goodService } from '../load.ts';
import { EVERYTHING, TYPICAL, WHOLE_SAMPLE } from '../sample-texts.ts';

const RESTART = {
  policy: 'on-failure',
  max: 5,
  windowMs: 60_000,
  delayMs: 100,
  factor: 2,
  maxDelayMs: 30_000,
  jitter: 0.1,
  resetAfterMs: 30_000,
  successCodes: [0],
};

test('a service that says only its command gets every default', async () => {
  const config = await goodConfig('services:\n  a: { command: x }\n');
  const wanted: ServiceConfig = {
    name: 'a',
    type: 'service',
    command: { kind: 'shell', script: 'x' },
    cwd: '/shop',
    env: {},
    envInherit: true,
    dependsOn: [],
    ready: undefined,
    restart: RESTART as ServiceConfig['restart'],
    onFailure: 'shutdown',
    stop: { signal: 'SIGTERM', graceMs: 10_000, command: undefined, target: 'group' },
    cleanup: [],
    log: { prefix: true },
    profiles: [],
    labels: {},
  };
  assert.deepEqual(config.services, [wanted]);
  assert.deepEqual(config.shutdown, { budgetMs: 'auto', interruptGraceMs: 2_000 });
});

test('the configuration is frozen at every depth', async () => {
  const config = await goodConfig(EVERYTHING, { files: { '/shop/.env': '', '/shop/.env.a': '' } });
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    assert.ok(Object.isFrozen(value));
    Object.values(value).forEach(walk);
  };
  walk(config);
});

test('the sample of the contract is read', async () => {
  const config = await goodConfig(WHOLE_SAMPLE, {
    files: { '/shop/.env.shop': 'FROM_FILE=1' },
    env: { DB_PORT: '6000' },
  });
  const [db, migrate, api] = config.services;
  assert.equal(config.name, 'shop');
  assert.deepEqual(db?.command, { kind: 'exec', argv: ['postgres', '-D', 'data', '-p', '6000'] });
  assert.deepEqual(db?.ready, {
    kind: 'tcp',
    host: '127.0.0.1',
    port: '6000',
    owner: 'service',
    withinMs: 60_000,
    timeoutMs: 1_000,
    intervalMs: undefined,
    successes: 1,
  });
  assert.deepEqual(db?.env, { LOG_LEVEL: 'info', FROM_FILE: '1' });
  assert.deepEqual(migrate?.restart, { ...RESTART, policy: 'no' });
  assert.deepEqual(api?.env.DATABASE_URL, [
    'postgres://localhost:',
    { service: 'db', value: 'port' },
    '/shop',
  ]);
  assert.deepEqual(
    api?.dependsOn.map(({ service, condition, optional }) => [service, condition, optional]),
    [
      ['migrate', 'completed', false],
      ['db', 'ready', false],
      ['cache', 'ready', true],
    ],
  );
  assert.ok(api?.ready?.kind === 'log');
  assert.equal(api.ready.pattern, 'listening on .*:(?<port>\\d+)');
});

test('an edge says what follows its loss; nothing by default', async () => {
  const edges = [
    '{}',
    '{ on_loss: keep, after: 0s }',
    '{ on_loss: restart }',
    '{ on_loss: stop, after: 2s }',
  ];
  for (const [index, wanted] of [
    undefined,
    undefined,
    { act: 'restart', afterMs: 0 },
    { act: 'stop', afterMs: 2_000 },
  ].entries()) {
    const text = `services:\n  b: { command: y }\n  a: { command: x, depends_on: { b: ${edges[index]} } }\n`;
    const [, a] = (await goodConfig(text)).services;
    assert.deepEqual(a?.dependsOn[0]?.onLoss, wanted, edges[index]);
  }
});

test('a file written by hand is read', async () => {
  const config = await goodConfig(TYPICAL);
  const [db, web, cache] = config.services;
  assert.equal(db?.cleanup.length, 3);
  assert.deepEqual(db?.cleanup[2], {
    run: { kind: 'exec', argv: ['echo', 'done'] },
    timeoutMs: 5_000,
    untimed: true,
  });
  assert.equal(db?.cleanup[1]?.untimed, undefined);
  assert.deepEqual(web?.command.kind, 'shell');
  assert.equal(web?.labels.description, 'Serves pages to people.\nAnd robots.');
  assert.deepEqual(cache?.command, { kind: 'exec', argv: ['redis-server', '--port', '6379', '--save', ''] });
  assert.equal(cache?.env.GREETING, 'Hello, "world"\n');
  assert.deepEqual(cache?.envUnset, ['EMPTY']);
});

test('every key that is supported is read', async () => {
  const files = { '/shop/.env': 'G=1\nA=from the file', '/shop/.env.a': 'H=2' };
  const [a] = (await goodConfig(EVERYTHING, { files })).services;
  assert.deepEqual(a?.command, { kind: 'exec', argv: ['node', 'a.js', '8080', 'true'] });
  assert.deepEqual([a?.cwd, a?.envInherit, a?.envUnset], ['/shop/sub', ['PATH', 'HOME'], ['C']]);
  assert.deepEqual(a?.env, { A: 'from the file', G: '1', H: '2', B: 'two' });
  assert.deepEqual(a?.dependsOn, [
    {
      service: 'b',
      condition: 'started',
      optional: true,
      timeoutMs: 5_000,
      onLoss: { act: 'stop', afterMs: 2_000 },
    },
  ]);
  assert.deepEqual(a?.stop, {
    signal: 'SIGTERM',
    graceMs: 0,
    command: { kind: 'shell', script: 'a --stop' },
    target: 'main',
  });
  assert.deepEqual(
    a?.cleanup.map(({ run, timeoutMs }) => [run.kind, timeoutMs]),
    [
      ['shell', 5_000],
      ['exec', 5_000],
      ['exec', 1_000],
    ],
  );
  assert.deepEqual(a?.restart, {
    policy: 'always',
    max: 0,
    windowMs: 60_000,
    delayMs: 0,
    factor: 1,
    maxDelayMs: 1_000,
    jitter: 0,
    resetAfterMs: 1_000,
    successCodes: [0, 143],
  });
  assert.deepEqual(
    [a?.onFailure, a?.log.prefix, a?.profiles, a?.labels],
    ['isolate', false, ['dev'], { team: 'core', n: '5' }],
  );
  assert.ok(a?.ready?.kind === 'all');
  assert.deepEqual(
    [a.ready.withinMs, a.ready.timeoutMs, a.ready.intervalMs, a.ready.successes],
    [90_000, 500, 1_000, 2],
  );
});

test('defaults lie under every service, key by key in env, restart, stop, log and labels', async () => {
  const { services } = await goodConfig(`
defaults:
  env: { A: 1, B: 2 }
  restart: { policy: always, delay: 1s }
  stop: { grace: 3s, signal: SIGINT }
  labels: { x: y, gone: z }
  cleanup: [clean]
  ready: { delay: 1s }
services:
  a: { command: x }
  b: { command: y, env: { B: 3 }, restart: { delay: 2s }, stop: { grace: 4s }, labels: { z: w, gone: null }, cleanup: [], ready: { log: up } }
  c: { command: z, env: null, labels: null, restart: null, stop: null, ready: null, cleanup: null }
`);
  const [a, b, c] = services;
  assert.deepEqual(
    [a?.restart.policy, a?.restart.delayMs, a?.stop.graceMs, a?.cleanup.length, a?.ready?.kind],
    ['always', 1_000, 3_000, 1, 'delay'],
  );
  assert.deepEqual(
    [
      b?.restart.policy,
      b?.restart.delayMs,
      b?.stop.graceMs,
      b?.stop.signal,
      b?.cleanup.length,
      b?.ready?.kind,
    ],
    ['always', 2_000, 4_000, 'SIGINT', 0, 'log'],
  );
  assert.deepEqual(
    [b?.env, b?.labels],
    [
      { A: '1', B: '3' },
      { x: 'y', z: 'w' },
    ],
  );
  assert.deepEqual([a?.labels, c?.labels, c?.env], [{ x: 'y', gone: 'z' }, {}, {}]);
  assert.deepEqual([c?.restart, c?.stop.graceMs, c?.cleanup, c?.ready], [RESTART, 10_000, [], undefined]);
});

const TASK_RESTARTS: readonly (readonly [string, string])[] = [
  ['', 'no'],
  ['restart: always', 'always'],
  ['restart: { max: 3 }', 'on-failure'],
  ['restart: { success_codes: [0, 3] }', 'no'],
  ['restart: no', 'no'],
];

for (const [line, policy] of TASK_RESTARTS) {
  test(`a task with "${line}" has the restart policy ${policy}, whatever the defaults say`, async () => {
    const text = `defaults: { restart: on-failure }\nservices:\n  a:\n    command: x\n    type: task\n    ${line}\n`;
    assert.equal((await goodConfig(text)).services[0]?.restart.policy, policy);
  });
}

test('a task is ready when it exited with 0, unless its own entry says otherwise, and then has no deadline', async () => {
  const { services } = await goodConfig(`
defaults: { ready: { notify: fd } }
services:
  a: { command: x, type: task }
  b: { command: x, type: task, ready: { log: up } }
  c: { command: x, type: task, ready: { log: up, within: 5s } }
  d: { command: x }
`);
  assert.deepEqual(
    services.map(({ ready }) => ready && [ready.kind, ready.withinMs]),
    [undefined, ['log', undefined], ['log', 5_000], ['notify', 60_000]],
  );
});

test('the condition of an edge is "completed" for a task and "ready" for a service, wherever the type comes from', async () => {
  const { services } = await goodConfig(`
defaults: { type: task }
services:
  a: { command: x, depends_on: [t, s, u] }
  t: { command: x }
  s: { command: x, type: service }
  u: { command: x, depends_on: { t: { condition: started }, s: , gone: {} } }
`);
  assert.deepEqual(
    services[0]?.dependsOn.map(({ condition }) => condition),
    ['completed', 'ready', 'completed'],
  );
  assert.deepEqual(
    services[3]?.dependsOn.map(({ condition }) => condition),
    ['started', 'ready', 'ready'],
  );
});

const TEXTS: readonly (readonly [string, string])[] = [
  ['1.10', '1.10'],
  ['0x1F', '0x1F'],
  ['007', '007'],
  ['TRUE', 'TRUE'],
  ['true', 'true'],
  ['5', '5'],
  ['1e3', '1e3'],
  ['yes', 'yes'],
  ['"5"', '5'],
  ['2024-01-01', '2024-01-01'],
];

for (const [written, wanted] of TEXTS) {
  test(`the environment gets ${written} as it is written`, async () => {
    assert.equal((await goodService(`env: { A: ${written} }`)).env.A, wanted);
  });
}

test('later environments win: the file for all, files of variables, defaults, the service', async () => {
  const text = `
env: { A: all, B: all, C: all, D: all, E: all, F: all }
env_file: one.env
defaults: { env: { D: defaults, E: defaults } }
services:
  a: { command: x, env_file: [two.env, three.env], env: { E: own, F: null } }
  b: { command: x, env: { F: null } }
`;
  const files = {
    '/shop/one.env': 'B=one\nC=one\nF=one',
    '/shop/two.env': 'C=two',
    '/shop/three.env': 'C=three\nD=three',
  };
  const [a, b] = (await goodConfig(text, { files })).services;
  assert.deepEqual(a?.env, { A: 'all', B: 'one', C: 'three', D: 'defaults', E: 'own' });
  assert.deepEqual(b?.env, { A: 'all', B: 'one', C: 'one', D: 'defaults', E: 'defaults' });
});

test('values of files of variables in single quotes are taken literally', async () => {
  const service = await goodService('env_file: e.env', { files: { '/shop/e.env': "A='${HOME} $$'" } });
  assert.deepEqual(service.env, { A: '${HOME} $$' });
});

test('names that JavaScript knows are names like others', async () => {
  const config = await goodConfig(
    'services:\n  constructor: { command: x, env: { toString: a, __proto__: b } }\n  a: { command: y, depends_on: [constructor] }\n',
  );
  const [first, second] = config.services;
  assert.equal(first?.name, 'constructor');
  assert.deepEqual(Object.entries(first?.env ?? {}), [
    ['toString', 'a'],
    ['__proto__', 'b'],
  ]);
  assert.equal(second?.dependsOn[0]?.service, 'constructor');
});
