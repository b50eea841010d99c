import assert from 'node:assert/strict';
import test from 'node:test';
import type { ConditionKind, HealthConfig } from '../../../../src/config/types.ts';
import { badConfig, goodConfig, goodService, places } from '../load.ts';

const TIMING = {
  intervalMs: 10_000,
  timeoutMs: 1_000,
  failures: 3,
  successes: 1,
  onFailure: 'restart',
} as const;
const inRound = (kind: ConditionKind) => ({
  ...kind,
  withinMs: undefined,
  timeoutMs: Number.POSITIVE_INFINITY,
  intervalMs: undefined,
  successes: 1,
});
const healthOf = (kind: ConditionKind, timing: Partial<HealthConfig> = {}): HealthConfig => {
  const all = { ...TIMING, ...timing };
  const condition = { ...kind, withinMs: undefined, intervalMs: undefined, successes: 1 };
  return { ...all, condition: { ...condition, timeoutMs: all.timeoutMs } };
};
const tcp = (port: string) =>
  ({ kind: 'tcp', host: '127.0.0.1', orHost: '::1', port, owner: 'service' }) as const;
const log: ConditionKind = { kind: 'log', pattern: 'tick' };
const file: ConditionKind = { kind: 'file', path: '/x' };

const GOOD: readonly (readonly [string, HealthConfig])[] = [
  ['health: { tcp: 80 }', healthOf(tcp('80'))],
  ['health: { tcp: 80, owner: any }', healthOf({ ...tcp('80'), owner: 'any' })],
  [
    'health: { http: "http://h/", owner: any }',
    healthOf({ kind: 'http', url: 'http://h/', status: undefined, headers: {}, owner: 'any' }),
  ],
  ['health: { exec: [ok] }', healthOf({ kind: 'exec', command: { kind: 'exec', argv: ['ok'] } })],
  ['health: { log: tick }', healthOf(log)],
  ['health: { file: /x }', healthOf(file)],
  ['health: { notify: node }', healthOf({ kind: 'notify', protocol: 'node' })],
  [
    'health: { all: [ { log: tick }, { any: [ { file: /x } ] } ] }',
    healthOf({ kind: 'all', of: [inRound(log), inRound({ kind: 'any', of: [inRound(file)] })] }),
  ],
  [
    'health: { tcp: 80, interval: 2s, timeout: 5s, failures: 1, successes: 4, on_failure: report }',
    healthOf(tcp('80'), {
      intervalMs: 2000,
      timeoutMs: 5000,
      failures: 1,
      successes: 4,
      onFailure: 'report',
    }),
  ],
  ['ready: { notify: fd }\nhealth: { notify: fd }', healthOf({ kind: 'notify', protocol: 'fd' })],
];

for (const [lines, wanted] of GOOD) {
  test(`${lines.replace('\n', ', ')} is read`, async () => {
    assert.deepEqual((await goodService(lines)).health, wanted);
  });
}

test('without the key there is no health', async () => {
  assert.equal('health' in (await goodService('cwd: x')), false);
});

test('keys of the defaults lie under those of a service, one by one', async () => {
  const { services } = await goodConfig(`
defaults: { health: { tcp: 80, interval: 2s, failures: 5 } }
services:
  all: { command: x }
  kind: { command: x, health: { file: /x } }
  time: { command: x, health: { failures: 1 } }
  none: { command: x, health: null }
  without: { command: x, health: { failures: null } }
  task: { command: x, type: task }
`);
  const [all, kind, time, none, without, task] = services.map(({ health }) => health);
  const timing = { intervalMs: 2000, failures: 5 };
  assert.deepEqual(all, healthOf(tcp('80'), timing));
  assert.deepEqual(kind, healthOf(file, timing));
  assert.deepEqual(time, healthOf(tcp('80'), { ...timing, failures: 1 }));
  assert.equal(none, undefined);
  assert.deepEqual(without, healthOf(tcp('80'), { intervalMs: 2000 }));
  assert.equal(task, undefined);
});

test('defaults without a condition are for those that have one', async () => {
  const { services } = await goodConfig(
    'defaults: { health: { interval: 2s } }\nservices:\n  a: { command: x }\n  b: { command: x, health: { file: /x } }\n',
  );
  assert.equal(services[0]?.health, undefined);
  assert.deepEqual(services[1]?.health, healthOf(file, { intervalMs: 2000 }));
});

const BAD: readonly (readonly [string, string, hint?: RegExp])[] = [
  ['health: 5s', '4:13 "health" of service "a" must be a map, but is "5s"'],
  [
    'health: {}',
    '4:13 "health" of service "a" does not say what to check',
    /^Add one of tcp, http, exec, log,/,
  ],
  ['health: { interval: 5s }', '4:13 "health" of service "a" does not say what to check'],
  ['health: { htp: "http://h/" }', '4:15 Unknown key "htp" in "health" of service "a"', /"http"/],
  [
    'health: { tcp: 80, within: 5s }',
    '4:24 "health.within" of service "a" has no meaning: health has no deadline',
    /timeout.*failures/,
  ],
  [
    'health: { delay: 5s }',
    '4:15 "health.delay" of service "a" has no meaning: time that passes says nothing about the health of a service',
    /Choose another/,
  ],
  [
    'health: { tcp: 80, file: x }',
    '4:13 "health" of service "a" has "tcp" and "file", but only one is possible',
  ],
  ['health: { file: x, owner: any }', '4:24 "owner" belongs to "tcp", "http" and "unix" only, not to "file"'],
  ['health: { owner: any }', '4:15 "owner" belongs to a "tcp", "http" or "unix" beside it'],
  ['health: { all: [] }', '4:20 "health.all" of service "a" must be a list of conditions, but is empty'],
  [
    'health: { all: [ { tcp: 80, timeout: 5s } ] }',
    '4:33 "health.all[0].timeout" of service "a" has no meaning: the parts of a health check are asked at the same time, in one round',
    /Write "timeout" beside/,
  ],
  [
    'health: { any: [ { all: [ { delay: 5s } ] } ] }',
    '4:33 "health.any[0].all[0].delay" of service "a" has no meaning: time that passes says nothing about the health of a service',
  ],
  [
    'health: { tcp: 80, failures: 0 }',
    '4:34 "health.failures" of service "a" must be a whole number, at least 1, but is the number 0',
  ],
  [
    'health: { tcp: 80, on_failure: isolate }',
    '4:36 "health.on_failure" of service "a" must be "restart", "shutdown" or "report", but is "isolate"',
  ],
  [
    'health: { tcp: 80 }\n    type: task',
    '4:5 Service "a" is a task, which is ready when it has ended: it has no health to check',
    /Remove/,
  ],
  [
    'health: { notify: fd }\n    ready: { notify: node }',
    '4:13 "health" of service "a" listens to "notify: fd", but its channel is "notify: node": it has only one',
    /Write "notify: node"/,
  ],
  [
    'health: { any: [ { notify: fd }, { notify: node } ] }',
    '4:13 "health" of service "a" listens to "notify: node", but its channel is "notify: fd": it has only one',
  ],
  [
    'health: { all: [ { log: tick } ] }\n    log: { file: x, direct: true }',
    '5:29 Service "a" is healthy by a line of its output, but with "log.direct" nobody reads it',
    /Choose another condition/,
  ],
  [
    'health: { tcp: "${b.port}" }',
    '4:20 Cannot use "${b.port}" in "health.tcp" of service "a": "a" does not depend on "b"',
  ],
];

for (const [line, wanted, hint = /^/] of BAD) {
  test(`G10 ${line.replace(/\n +/, ', ')} is an error with its place`, async () => {
    const found = await badConfig(`services:\n  a:\n    command: x\n    ${line}\n  b: { command: y }\n`);
    assert.deepEqual(places(found), [wanted]);
    assert.match(found[0]?.hint ?? '', hint);
  });
}

test('in its own health a service can use what it reports itself, and nowhere else', async () => {
  const { health } = await goodService('health: { tcp: "${a.port}" }');
  assert.deepEqual(
    health?.condition,
    healthOf({ ...tcp(''), port: [{ service: 'a', value: 'port' }] } as never).condition,
  );
  const diagnostics = await badConfig('services: { a: { command: x, ready: { tcp: "${a.port}" } } }');
  assert.match(places(diagnostics)[0] ?? '', /it has no values before it is started/);
});
