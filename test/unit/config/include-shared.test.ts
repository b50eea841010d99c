/**
 * What an included file says for all its services.
 */
import assert from 'node:assert/strict';
import test from 'node:test';
import { readConfig } from '../../../src/config/load-config.ts';
import { badConfig, type Given, goodConfig, wrong } from './load.ts';

/** The services of `a.yaml`, by their names, with what it and the file that includes it say for all. */
async function withDefaults(above: string, own: string, services: string, more: Given['files'] = {}) {
  const config = await goodConfig(`include: sub/a.yaml\n${above}`, {
    files: { '/shop/sub/a.yaml': `${own}\nservices:\n${services}`, ...more },
  });
  return new Map(config.services.map((service) => [service.name, service]));
}

test('defaults of an included file hold for its services, over those of the file that includes it', async () => {
  const services = await withDefaults(
    'defaults: { nice: 1, umask: "022", env_inherit: [A], on_failure: ignore }\nservices: { top: { command: x } }\n',
    'defaults: { nice: 2, umask: "027", env_inherit: [B] }',
    '  a: { command: x, umask: "077" }\n',
  );
  const of = (name: string) => {
    const { rights, envInherit, onFailure } = services.get(name)!;
    return [rights?.nice, rights?.umask, envInherit, onFailure];
  };
  assert.deepEqual(of('a'), [2, 0o077, ['B'], 'ignore']);
  assert.deepEqual(of('top'), [1, 0o022, ['A'], 'ignore']);
});

test('keys that count one by one in a service do so in defaults over defaults; others replace', async () => {
  const services = await withDefaults(
    `defaults:
  stop: { grace: 1s, signal: SIGINT, target: main }
  restart: { max: 1, delay: 1s, policy: always }
  log: { prefix: false, color: red, print: false }
  health: { exec: [top], interval: 1s, failures: 1 }
  watchdog: { within: 1s, source: log, on_failure: report }
  limits: { nofile: 1, core: 1, nproc: 1 }
  on: { ready: top, failed: top, restarted: top }
  labels: { a: top, b: top, c: top }
  env: { A: top, B: top, C: top }
  ready: { tcp: 1, within: 1s }
  cleanup: [top]
`,
    `defaults:
  stop: { grace: 2s, signal: SIGHUP }
  restart: { max: 2, delay: 2s }
  log: { prefix: true, color: blue }
  health: { file: sub, interval: 2s }
  watchdog: { within: 2s, source: fd }
  limits: { nofile: 2, core: 2 }
  on: { ready: sub, failed: sub }
  labels: { a: sub, b: sub }
  env: { A: sub, B: null }
  ready: { file: sub }
  cleanup: [sub]
`,
    `  a:
    command: x
    stop: { grace: 3s }
    restart: { max: 3 }
    log: { prefix: false }
    health: { interval: 3s }
    watchdog: { within: 3s }
    limits: { nofile: 3 }
    on: { ready: own }
    labels: { a: own }
    env: { A: own }
`,
  );
  const a = services.get('a')!;
  assert.deepEqual([a.stop.graceMs, a.stop.signal, a.stop.target], [3_000, 'SIGHUP', 'main']);
  assert.deepEqual([a.restart.max, a.restart.delayMs, a.restart.policy], [3, 2_000, 'always']);
  assert.deepEqual(a.log, { prefix: false, color: 'blue', print: false });
  assert.deepEqual([a.health?.condition.kind, a.health?.intervalMs, a.health?.failures], ['file', 3_000, 1]);
  assert.deepEqual(a.watchdog, { withinMs: 3_000, source: 'fd', onFailure: 'report' });
  const { limits } = a.rights!;
  assert.deepEqual(
    [limits?.nofile, limits?.core, limits?.nproc].map((limit) => limit?.soft),
    [3, 2, 1],
  );
  assert.deepEqual(
    [a.on?.ready, a.on?.failed, a.on?.restarted].map(
      (hook) => JSON.stringify(hook).match(/own|sub|top/)?.[0],
    ),
    ['own', 'sub', 'top'],
  );
  assert.deepEqual(a.labels, { a: 'own', b: 'sub', c: 'top' });
  assert.deepEqual([a.env, a.envUnset], [{ A: 'own', C: 'top' }, ['B']]);
  assert.ok(a.ready?.kind === 'file');
  assert.deepEqual([a.ready.path, a.ready.withinMs, a.cleanup.length], ['/shop/sub/sub', 60_000, 1]);
});

test('an empty value stops what lies below it, and relative paths are those of the file', async () => {
  const services = await withDefaults(
    'defaults: { stop: { grace: 1s }, env: { A: 1 }, labels: { a: b }, cwd: top, health: { exec: [x] } }\n',
    'defaults: { stop: null, env: null, labels: null, cwd: here, health: null }',
    '  a: { command: x }\n',
  );
  const { stop, env, labels, cwd, health } = services.get('a')!;
  assert.deepEqual([stop.graceMs, env, labels, cwd, health], [10_000, {}, {}, '/shop/sub/here', undefined]);
});

test('the type that a file gives its services counts for those that depend on them', async () => {
  const services = await withDefaults(
    'services: { top: { command: x, depends_on: [a] } }\n',
    'defaults: { type: task }',
    '  a: { command: x }\n',
  );
  assert.deepEqual(
    [services.get('a')?.type, services.get('top')?.type, services.get('top')?.dependsOn[0]?.condition],
    ['task', 'service', 'completed'],
  );
});

test('what a file says holds for the files that it includes, under their own, and for nobody else', async () => {
  const { services } = await goodConfig(
    'include: [a.yaml, other.yaml]\nenv: { TOP: 1 }\nservices: { top: { command: x } }\n',
    {
      files: {
        '/shop/a.yaml':
          'include: [sub/b.yaml, shared.yaml]\nenv: { A: a, TOP: a }\ndefaults: { nice: 1 }\nservices: { a: { command: x } }\n',
        '/shop/sub/b.yaml': 'env: { A: b }\ndefaults: { umask: "027" }\nservices: { b: { command: x } }\n',
        '/shop/other.yaml': 'include: shared.yaml\nenv: { A: o }\nservices: { other: { command: x } }\n',
        // It is read once, for the first that names it.
        '/shop/shared.yaml': 'services: { shared: { command: x } }\n',
      },
    },
  );
  assert.deepEqual(Object.fromEntries(services.map(({ name, env, rights }) => [name, [env, rights]])), {
    top: [{ TOP: '1' }, undefined],
    a: [{ TOP: 'a', A: 'a' }, { nice: 1 }],
    b: [
      { TOP: 'a', A: 'b' },
      { umask: 0o027, nice: 1 },
    ],
    shared: [{ TOP: 'a', A: 'a' }, { nice: 1 }],
    other: [{ TOP: '1', A: 'o' }, undefined],
  });
});

test('a later file changes a service, which keeps what its own file says for all', async () => {
  const { services } = await goodConfig('include: a.yaml\n', {
    files: {
      '/shop/a.yaml': 'env: { A: a }\nservices: { a: { command: x } }\n',
      '/shop/supervisor.override.yaml':
        'env: { A: over, B: over }\nservices:\n  a: { nice: 1 }\n  b: { extends: a }\n',
    },
  });
  assert.deepEqual(
    services.map(({ env }) => env),
    [
      { A: 'a', B: 'over' },
      { A: 'over', B: 'over' },
    ],
  );
});

test('variables: each file over the one that includes it, in it its files over its env; then those of the service', async () => {
  const services = await withDefaults(
    'env: { E: 1, F: 1, G: 1, H: 1, I: 1 }\nenv_file: top.env\ndefaults: { env: { D: 0 } }\n',
    'env: { F: 3, G: 3, H: 3, U: null }\nenv_file: [a.env]\ndefaults: { env: { D: 6 } }',
    '  a: { command: x, env_file: own.env, env: { I: 7 } }\n',
    {
      '/shop/top.env': 'E=2\nF=2\nG=2\nH=2\nI=2\nU=2\n',
      '/shop/sub/a.env': 'G=4\nH=4\nJ=${G}4\n',
      '/shop/sub/own.env': 'H=5\n',
    },
  );
  const { env, envUnset } = services.get('a')!;
  assert.deepEqual(env, { E: '2', F: '3', G: '4', H: '5', I: '7', J: '44', D: '6' });
  assert.deepEqual(envUnset, ['U']);
});

test('commands that print variables: those of the whole first, each in the folder of its file', async () => {
  const services = await withDefaults(
    'env_from: { command: [top] }\nservices: { top: { command: x } }\n',
    'env_from: { command: [sub] }',
    '  a: { command: x }\n',
  );
  const of = (name: string) => services.get(name)!.envFrom?.commands.map(({ cwd }) => cwd);
  assert.deepEqual([of('top'), of('a')], [['/shop'], ['/shop', '/shop/sub']]);
});

const WRONG: readonly (readonly [about: string, file: string, told: readonly string[]])[] = [
  [
    'values that are wrong, and unknown keys',
    'defaults: { stop: { grace: 5 }, nicee: 1, extends: a }\nenv: [A=1]\nenv_file: 5\nenv_from: x\nservices: { a: { command: x } }\n',
    [
      'a.yaml:1:28 "defaults.stop.grace" must be a duration such as 250ms, 2s, 1m30s or 1h, but is the number 5',
      'a.yaml:1:33 Unknown key "nicee" in "defaults"',
      'a.yaml:1:43 "defaults.extends" has no meaning: defaults extend nothing',
      'a.yaml:2:6 "env" must be a map, but is a list',
      'a.yaml:3:11 "env_file" must be a path, but is the number 5',
      'a.yaml:4:11 "env_from" must be a map with a command, or a list of such maps, but is "x"',
    ],
  ],
  [
    'in a file without services too',
    'defaults: 5\n',
    ['a.yaml:1:11 "defaults" must be a map, but is the number 5'],
  ],
  [
    'files and variables that are not there',
    'env: { A: "${NO}" }\nenv_file: no.env\nservices: { a: { command: x }, b: { command: x } }\n',
    [
      'a.yaml:1:11 Cannot fill in "${NO}" in "env.A": the variable NO is not set',
      'a.yaml:2:11 Cannot read the environment file "/shop/no.env": there is no such file',
    ],
  ],
  [
    'values of services',
    'defaults: { env: { A: "${a.port}" } }\nservices: { a: { command: x } }\n',
    ['a.yaml:1:23 Cannot use "${a.port}" in "defaults.env.A": this is for every service of its file'],
  ],
  [
    'what is wrong only with a service',
    'defaults: { watchdog: { within: 1s } }\nservices: { a: { command: x } }\n',
    ['a.yaml:1:23 The watchdog of service "a" has no channel for heartbeats, since "ready" has no "notify"'],
  ],
];

for (const [about, file, told] of WRONG) {
  test(`G10 what an included file says for all has its place there: ${about}`, async () => {
    const text = 'include: a.yaml\nservices: { top: { command: x } }\n';
    assert.deepEqual(await wrong(text, { files: { '/shop/a.yaml': file } }), told);
  });
}

test('G10 a variable that its file gives the service is told apart from one that nobody gives', async () => {
  const files = {
    '/shop/a.yaml': 'env: { X: 1 }\nservices: { a: { command: "${X}" } }\n',
  };
  const hints = (await badConfig('include: a.yaml\nservices: { b: { command: "${X}" } }\n', { files })).map(
    ({ hint }) => /is what the service is given/.test(hint ?? ''),
  );
  assert.deepEqual(hints, [true, false]);
});

test('where a variable comes from is told with its file', async () => {
  const files: Readonly<Record<string, string>> = {
    '/shop/top.yaml': 'include: sub/a.yaml\nenv: { A: 1, B: 1 }\ndefaults: { env: { C: 1, D: 1, E: 1 } }\n',
    '/shop/sub/a.yaml':
      'env: { B: "${HERE}" }\nenv_file: a.env\ndefaults: { env: { D: 2, E: null } }\nservices: { a: { command: x } }\n',
    '/shop/sub/a.env': '\nF=1\n',
  };
  const readFile = (path: string): string => {
    const text = files[path];
    if (text !== undefined) return text;
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  };
  const read = await readConfig({ files: ['/shop/top.yaml'], cwd: '/', env: { HERE: 'h' }, readFile });
  assert.ok(read.ok);
  const found = [...read.environment.of('a')].map(async ([name, from]) => {
    if (from.kind === 'env_file') return `${name} ${from.file}:${from.line}`;
    const [one] = await read.locate([{ severity: 'warning', message: '', path: from.path, atKey: true }]);
    return `${name} ${one?.place?.file}:${one?.place?.line}:${one?.place?.column} ${from.written}`;
  });
  assert.deepEqual((await Promise.all(found)).toSorted(), [
    'A /shop/top.yaml:2:8 1',
    'B /shop/sub/a.yaml:1:8 ${HERE}',
    'C /shop/top.yaml:3:20 1',
    'D /shop/sub/a.yaml:3:20 2',
    'F /shop/sub/a.env:2',
  ]);
});

test('a thousand files that include each other, each with something for all, are read', async () => {
  const files: Record<string, string> = {};
  for (let at = 0; at < 1_000; at++)
    files[`/shop/${at}.yaml`] =
      `include: ${at + 1}.yaml\nenv: { E${at}: 1 }\ndefaults: { labels: { l${at}: x } }\nservices: { s${at}: { command: x } }\n`;
  files['/shop/999.yaml'] = 'services: { last: { command: x } }\n';
  const { services } = await goodConfig('include: 0.yaml\n', { files });
  const [last] = services;
  assert.deepEqual([Object.keys(last!.env).length, Object.keys(last!.labels).length], [999, 999]);
});
