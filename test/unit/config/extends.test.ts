import assert from 'node:assert/strict';
import test from 'node:test';
import { badConfig, type Given, goodConfig, loadText, places } from './load.ts';

const BASE = `services:
  base:
    command: [node, base.js]
    cwd: here
    env: { A: 1, B: 2 }
    labels: { team: web }
    stop: { grace: 1s, signal: SIGINT }
    depends_on: { db: { optional: true } }
    profiles: [never]
    restart: always
  db: { command: db }
`;

test('a service has all keys of the one that it extends but profiles, and its own over them', async () => {
  const { services } = await goodConfig(
    `${BASE}  api:
    extends: base
    command: [node, api.js]
    env: { B: null, C: 3 }
    stop: { grace: 2s }
    depends_on: { cache: {} }
    labels: { tier: one }
  cache: { command: cache }
`,
  );
  const [base, , api] = services;
  assert.deepEqual(api?.command, { kind: 'exec', argv: ['node', 'api.js'] });
  assert.deepEqual([api.cwd, api.env], ['/shop/here', { A: '1', C: '3' }]);
  assert.deepEqual([api.stop.graceMs, api.stop.signal, api.restart.policy], [2_000, 'SIGINT', 'always']);
  assert.deepEqual(api.labels, { team: 'web', tier: 'one' });
  assert.deepEqual([api.profiles, base?.profiles], [[], ['never']]);
  assert.deepEqual(
    api.dependsOn.map(({ service, optional }) => [service, optional]),
    [
      ['db', true],
      ['cache', false],
    ],
  );
});

test('lists and scalars replace, and null removes what would be taken over', async () => {
  const { services } = await goodConfig(
    `${BASE}  api: { extends: base, depends_on: [], env: null, restart: null, cwd: null, profiles: [mine] }\n`,
  );
  const api = services[2];
  assert.deepEqual([api?.dependsOn, api?.env, api?.cwd, api?.profiles], [[], {}, '/shop', ['mine']]);
  assert.equal(api?.restart.policy, 'on-failure');
});

test('chains work in any order of the file, and the name may come from a variable', async () => {
  const { services } = await goodConfig(
    'services:\n  c: { extends: { service: b }, env: { C: 3 } }\n  b: { extends: "${B:-a}", env: { B: 2 }, profiles: [p] }\n  a: { command: x, env: { A: 1 } }\n',
  );
  assert.deepEqual(
    services.map(({ name, env, profiles }) => [name, env, profiles]),
    [
      ['c', { A: '1', B: '2', C: '3' }, []],
      ['b', { A: '1', B: '2' }, ['p']],
      ['a', { A: '1' }, []],
    ],
  );
});

test('what is relative stays relative to the file that it is written in; later files change what is taken over', async () => {
  const { services } = await goodConfig('include: sub/base.yaml\nservices:\n  api: { extends: base }\n', {
    files: {
      '/shop/sub/base.yaml': 'services:\n  base: { command: x, env_file: base.env, ready: { file: up } }\n',
      '/shop/sub/base.env': 'A=1\n',
      '/shop/supervisor.override.yaml':
        'services:\n  base: { env: { B: 2 } }\n  api: { ready: { within: 5s } }\n',
    },
  });
  const [base, api] = services;
  assert.deepEqual([base?.cwd, api?.cwd], ['/shop/sub', '/shop']);
  assert.deepEqual(api?.env, { A: '1', B: '2' });
  assert.ok(api.ready?.kind === 'file');
  assert.deepEqual([api.ready.path, api.ready.withinMs], ['/shop/sub/up', 5_000]);
});

test('defaults lie below what is taken over', async () => {
  const { services } = await goodConfig(
    'defaults: { restart: no, stop: { grace: 9s } }\nservices:\n  a: { command: x, restart: always }\n  b: { extends: a }\n',
  );
  assert.deepEqual([services[1]?.restart.policy, services[1]?.stop.graceMs], ['always', 9_000]);
});

const WRONG: readonly (readonly [about: string, services: string, told: readonly string[]])[] = [
  [
    'an unknown name',
    '  bsae: { command: x }\n  a: { extends: base }\n',
    ['3:17 "a" cannot extend "base": there is no service of that name'],
  ],
  ['itself', '  a: { command: x, extends: a }\n', ['2:29 "a" cannot extend itself']],
  [
    'a cycle',
    '  a: { extends: b }\n  b: { extends: c }\n  c: { extends: b, env: { X: 1 } }\n  d: { extends: a }\n',
    ['3:17 These services extend each other: b -> c -> b'],
  ],
  [
    'what is no name',
    '  a: { extends: { service: [b] } }\n  b: { extends: 5 }\n  c: { extends: b }\n  d: { extends: [b] }\n  e: { extends: {} }\n',
    [
      '2:28 "extends.service" of service "a" must be the name of a service, but is a list',
      '3:17 "extends" of service "b" must be the name of a service, but is the number 5',
      '5:17 "extends" of service "d" must be the name of a service, but is a list',
      '6:17 "extends" of service "e" has no "service"',
    ],
  ],
  [
    'a variable that is not set',
    '  a: { extends: "${NO}" }\n',
    ['2:17 Cannot fill in "${NO}" in "extends" of service "a": the variable NO is not set'],
  ],
  [
    'a mistake that several take over, once',
    '  a: { command: x, stop: { grace: 5 } }\n  b: { extends: a }\n  c: { extends: b, nice: x }\n',
    [
      '2:35 "stop.grace" of service "a" must be a duration such as 250ms, 2s, 1m30s or 1h, but is the number 5',
      '4:26 "nice" of service "c" must be a whole number from -20 to 19, but is "x"',
    ],
  ],
];

for (const [about, services, told] of WRONG) {
  test(`G10 ${about}: has its place, and nothing follows from it`, async () => {
    assert.deepEqual(places(await badConfig(`services:\n${services}`)), told);
  });
}

test('G10 the nearest name is told, and a cycle with its trail', async () => {
  const [near] = await badConfig('services:\n  bsae: { command: x }\n  a: { extends: base }\n');
  assert.equal(near?.hint, 'Did you mean "bsae"?');
  const [cycle] = await badConfig('services:\n  a: { extends: b }\n  b: { extends: a }\n');
  assert.deepEqual(
    cycle?.trail.map(({ message, place }) => `${place?.line}:${place?.column} ${message}`),
    ['2:17 "a" extends "b"', '3:17 "b" extends "a"'],
  );
});

test('G10 defaults extend nothing', async () => {
  const told = await badConfig('defaults: { extends: a }\nservices: { a: { command: x } }\n');
  assert.deepEqual(places(told), ['1:13 "defaults.extends" has no meaning: defaults extend nothing']);
});

test('what a base misses is missed by those that extend it, and by nobody else', async () => {
  const { readConfig } = await import('../../../src/config/load-config.ts');
  const text =
    'services:\n  a: { command: "${NO}", profiles: [p] }\n  b: { extends: a }\n  c: { extends: a, command: x }\n';
  const read = await readConfig({ files: ['/x.yaml'], cwd: '/', env: {}, readFile: readerOf(text) });
  assert.ok(read.ok);
  assert.deepEqual([...read.missing.keys()], ['a', 'b']);
  assert.equal(read.missing.get('b')?.[0]?.place?.line, 2);
});

function readerOf(text: string) {
  return (path: string): string => {
    if (path === '/x.yaml') return text;
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  };
}

test('a hundred in a row are taken, more are refused once; thousands beside each other are no matter', async () => {
  const chain = (length: number): string =>
    Array.from({ length }, (_, at) =>
      at === 0 ? '  s0: { command: x }\n' : `  s${at}: { extends: s${at - 1}, env: { E${at}: 1 } }\n`,
    ).join('');
  const given: Given = {};
  const good = await loadText(`services:\n${chain(100)}`, given);
  assert.ok(good.ok);
  assert.equal(Object.keys(good.config.services[99]!.env).length, 99);
  const told = places(await badConfig(`services:\n${chain(10_000)}`));
  assert.deepEqual(told, ['102:20 More than 100 services extend each other in a row']);
  const wide = Array.from({ length: 5_000 }, (_, at) => `  s${at}: { extends: a }\n`).join('');
  const { services } = await goodConfig(`services:\n  a: { command: x, cwd: here }\n${wide}`);
  assert.equal(services.length, 5_001);
});
