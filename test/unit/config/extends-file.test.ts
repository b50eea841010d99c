import assert from 'node:assert/strict';
import test from 'node:test';
import { readConfig } from '../../../src/config/load-config.ts';
import { dependencyProblems } from '../../../src/graph/dependency-problems.ts';
import { badConfig, type Given, goodConfig, loadText, shown, wrong } from './load.ts';

const COMMON = `name: common
env: { OF: common }
defaults: { restart: always }
services:
  base: { env_file: base.env, profiles: [never], stop: { grace: 1s }, labels: { team: web } }
  worker: { extends: base, command: ./work, ready: { file: up }, labels: { tier: one } }
  broken: { comand: x, extends: nobody }
`;
const FILES = { '/shop/lib/common.yaml': COMMON, '/shop/lib/base.env': 'A=1\n' };
const WORKER = '{ file: lib/common.yaml, service: worker }';

test('a service has the keys of one of another file, with those that it extends there, and its own over them', async () => {
  const { services, files, dir } = await goodConfig(
    `services:\n  mails: { extends: ${WORKER}, env: { B: 2 }, stop: { grace: 2s } }\n`,
    { files: FILES },
  );
  const [mails, ...others] = services;
  assert.deepEqual(others, []);
  assert.deepEqual([mails?.env, mails?.stop.graceMs, mails?.profiles], [{ A: '1', B: '2' }, 2_000, []]);
  assert.deepEqual(mails?.labels, { team: 'web', tier: 'one' });
  assert.deepEqual([files, dir], [['/shop/supervisor.yaml', '/shop/lib/common.yaml'], '/shop']);
});

test('what is relative stays relative to the file that it is written in, and the service runs in its own folder', async () => {
  const { services } = await goodConfig(`services:\n  mails: { extends: ${WORKER} }\n`, { files: FILES });
  const [mails] = services;
  assert.ok(mails?.ready?.kind === 'file');
  assert.deepEqual([mails.ready.path, mails.cwd], ['/shop/lib/up', '/shop']);
});

test('nothing else of that file counts', async () => {
  const { services, name } = await goodConfig(`services:\n  mails: { extends: ${WORKER} }\n`, {
    files: FILES,
  });
  assert.deepEqual(
    [name, services[0]?.restart.policy, services[0]?.env.OF],
    ['shop', 'on-failure', undefined],
  );
});

test('services of several files extend each other, each file named from the folder of the one that names it', async () => {
  const { services, files } = await goodConfig(
    'services:\n  a: { extends: { file: "${DIR}/one.yaml", service: a } }\n  b: { extends: a, nice: 1 }\n',
    {
      env: { DIR: 'sub' },
      files: {
        '/shop/sub/one.yaml': 'services: { a: { extends: { file: ../two.yaml, service: c } } }\n',
        '/shop/two.yaml': 'services: { c: { command: x, cwd: deep, labels: { of: c } } }\n',
      },
    },
  );
  assert.deepEqual(
    services.map(({ cwd, labels }) => [cwd, labels]),
    [
      ['/shop/deep', { of: 'c' }],
      ['/shop/deep', { of: 'c' }],
    ],
  );
  assert.deepEqual(files, ['/shop/supervisor.yaml', '/shop/sub/one.yaml', '/shop/two.yaml']);
});

test('the file may be one of the configuration: a service is taken as it alone has it', async () => {
  const { services, files } = await goodConfig(
    'include: lib.yaml\nservices:\n  a: { command: x, labels: { in: first } }\n',
    {
      files: {
        '/shop/lib.yaml': 'services: { base: { command: y, labels: { in: lib } } }\n',
        '/shop/supervisor.override.yaml':
          'services:\n  a: { labels: { in: override } }\n  base: { labels: { in: override } }\n  b: { extends: { file: supervisor.yaml, service: a } }\n  c: { extends: { file: lib.yaml, service: base } }\n',
      },
    },
  );
  assert.deepEqual(
    services.map(({ name, labels }) => [name, labels.in]),
    [
      ['base', 'override'],
      ['a', 'override'],
      ['b', 'first'],
      ['c', 'lib'],
    ],
  );
  assert.equal(files.length, 3);
});

test('an included service may extend one of a file; an override may say that it extends another one', async () => {
  const { services } = await goodConfig('include: sub/part.yaml\n', {
    files: {
      '/shop/sub/part.yaml': 'services: { a: { extends: { file: lib.yaml, service: one } } }\n',
      '/shop/sub/lib.yaml': 'services: { one: { command: one }, two: { command: two } }\n',
      '/shop/supervisor.override.yaml': 'services: { a: { extends: { service: two } } }\n',
    },
  });
  assert.deepEqual(services[0]?.command, { kind: 'shell', script: 'two' });
});

const LIB = '/shop/lib.yaml';
const FROM_LIB = (service: string): string =>
  `services:\n  a: { extends: { file: lib.yaml, service: ${service} } }\n`;

const WRONG: readonly (readonly [
  about: string,
  text: string,
  files: Given['files'],
  told: readonly string[],
])[] = [
  [
    'a file that is not there, at each place that names it',
    `${FROM_LIB('x')}  b: { extends: { file: lib.yaml, service: y }, nice: no }\n`,
    {},
    [
      'supervisor.yaml:2:25 Cannot read the extended file "/shop/lib.yaml": there is no such file',
      'supervisor.yaml:3:25 Cannot read the extended file "/shop/lib.yaml": there is no such file',
      'supervisor.yaml:3:55 "nice" of service "b" must be a whole number from -20 to 19, but is "no"',
    ],
  ],
  [
    'what is no file to be read',
    FROM_LIB('x'),
    { [LIB]: { code: 'NOT_REGULAR' } },
    ['supervisor.yaml:2:25 Cannot read the extended file "/shop/lib.yaml": it is no regular file'],
  ],
  [
    'a file that is no YAML, once',
    `${FROM_LIB('x')}  b: { extends: { file: lib.yaml, service: y } }\n`,
    { [LIB]: 'services:\n  a: [\n' },
    ['lib.yaml:3:1 A list that began with "[" is not closed before this line'],
  ],
  [
    'a service that is not in that file',
    'services:\n  a: { extends: { file: lib.yaml, service: wroker } }\n  worker: { command: x }\n',
    { [LIB]: 'services:\n  worker: { command: x }\n' },
    ['supervisor.yaml:2:44 "a" cannot extend "wroker" of "lib.yaml": there is no service of that name'],
  ],
  [
    'a file without services',
    FROM_LIB('x'),
    { [LIB]: '- x\n' },
    ['supervisor.yaml:2:44 "a" cannot extend "x" of "lib.yaml": it has no services'],
  ],
  [
    'what is no service there',
    FROM_LIB('x'),
    { [LIB]: 'services: { x: }\n' },
    ['supervisor.yaml:2:44 "a" cannot extend "x" of "lib.yaml": it must be a map, but is empty'],
  ],
  [
    'a path that no shell fills in, which is warned of once',
    'services:\n  a: { extends: { file: $LIB/x.yaml, service: x }, nice: x }\n',
    { '/shop/$LIB/x.yaml': 'services: { x: { command: x, extends: { file: $Y, service: y } } }\n' },
    [
      'supervisor.yaml:2:25 Nothing expands "$LIB" in "extends.file" of service "a": it stays as it is',
      'supervisor.yaml:2:58 "nice" of service "a" must be a whole number from -20 to 19, but is "x"',
      '$LIB/x.yaml:1:47 Nothing expands "$Y" in "extends.file" of service "x": it stays as it is',
      '$LIB/x.yaml:1:47 Cannot read the extended file "/shop/$LIB/$Y": there is no such file',
    ],
  ],
  [
    'a base in that file that can not be taken',
    `${FROM_LIB('x')}  b: { extends: { file: lib.yaml, service: y } }\n`,
    { [LIB]: 'services:\n  x: { command: x, extends: none }\n  y: { extends: { service: 5 } }\n' },
    [
      'lib.yaml:2:29 "x" cannot extend "none": there is no service of that name',
      'lib.yaml:3:28 "extends.service" of service "y" must be the name of a service, but is the number 5',
    ],
  ],
  [
    'an unknown key beside the file, and no service',
    'services:\n  a: { extends: { file: lib.yaml, from: x } }\n',
    { [LIB]: 'services: { x: { command: x } }\n' },
    [
      'supervisor.yaml:2:17 "extends" of service "a" has no "service"',
      'supervisor.yaml:2:35 Unknown key "from" in "extends" of service "a"',
    ],
  ],
  [
    'a mistake in that file that several take over, once; and what is theirs alone',
    `${FROM_LIB('x')}  b: { extends: { file: lib.yaml, service: y } }\n  c: { extends: a, nice: no }\n`,
    {
      [LIB]:
        'services:\n  x: { command: x, stop: { grace: 5 } }\n  y: { extends: x, stop: { grace: 5 }, umsk: 1 }\n',
    },
    [
      'supervisor.yaml:4:26 "nice" of service "c" must be a whole number from -20 to 19, but is "no"',
      'lib.yaml:2:35 "stop.grace" of service "a" must be a duration such as 250ms, 2s, 1m30s or 1h, but is the number 5',
      'lib.yaml:3:35 "stop.grace" of service "b" must be a duration such as 250ms, 2s, 1m30s or 1h, but is the number 5',
      'lib.yaml:3:40 Unknown key "umsk" in service "b"',
    ],
  ],
  [
    'a cycle through files, with its trail',
    `${FROM_LIB('x')}  b: { extends: a }\n`,
    { [LIB]: 'services:\n  x: { extends: { file: supervisor.yaml, service: a } }\n' },
    [
      'lib.yaml:2:17 These services extend each other: x (lib.yaml) -> a (supervisor.yaml) -> x (lib.yaml)',
      '  lib.yaml:2:17 "x" extends "a" of "supervisor.yaml"',
      '  supervisor.yaml:2:17 "a" extends "x" of "lib.yaml"',
    ],
  ],
  [
    'a service that extends itself by the name of its file',
    'services:\n  a: { extends: { file: supervisor.yaml, service: a } }\n',
    {},
    ['supervisor.yaml:2:17 "a" cannot extend itself'],
  ],
];

for (const [about, text, files, told] of WRONG) {
  test(`G10 ${about}`, async () => {
    assert.deepEqual(await wrong(text, files === undefined ? {} : { files }), told);
  });
}

test('G10 the nearest name in that file is told', async () => {
  const files = { [LIB]: 'services:\n  worker: { command: x }\n' };
  const [near] = await badConfig(`${FROM_LIB('wroker')}  wroken: { command: x }\n`, { files });
  assert.equal(near?.hint, 'Did you mean "worker"?');
});

test('G10 a dependency that is taken over and is nobody here: the place where it stands, and what to do', async () => {
  const files = { [LIB]: 'services:\n  x: { command: x, depends_on: [redis] }\n  redis: { command: r }\n' };
  const told = async (text: string) => {
    const loaded = await loadText(text, { files });
    assert.ok(loaded.ok);
    return shown(await loaded.locate(dependencyProblems(loaded.config.services)));
  };
  assert.equal(
    await told(FROM_LIB('x')),
    `lib.yaml:2:20: "a" cannot depend on "redis": there is no service of that name
    x: { command: x, depends_on: [redis] }
                     ^~~~~~~~~~
  "a" takes it over from "x" of "lib.yaml": add a service "redis" here, or give "a" its own "depends_on"`,
  );
  assert.equal(await told(`${FROM_LIB('x')}  redis: { extends: { file: lib.yaml, service: redis } }\n`), '');
  assert.doesNotMatch(
    await told(FROM_LIB('x').replace(' } }', ' }, depends_on: [redis] }')),
    /takes it over/,
  );
});

test('what is missing for it is missed by those that take it over, at its place', async () => {
  const files: Readonly<Record<string, string>> = {
    '/a.yaml': `${FROM_LIB('x')}  b: { extends: a }\n`,
    '/lib.yaml': 'services: { x: { command: "${NO}" } }\n',
  };
  const readFile = (path: string): string => {
    const text = files[path];
    if (text !== undefined) return text;
    throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
  };
  const read = await readConfig({ files: ['/a.yaml'], cwd: '/', env: {}, readFile });
  assert.ok(read.ok);
  assert.deepEqual([...read.missing.keys()], ['a', 'b']);
  assert.equal(read.missing.get('b')?.[0]?.place?.file, '/lib.yaml');
});

test('a file is read once for all who name it; a thousand files are read, and what is more is refused once', async () => {
  const files: Record<string, string> = {};
  for (let at = 0; at < 1_001; at++)
    files[`/shop/${at}.yaml`] = 'services: { x: { command: x }, y: { command: y } }\n';
  const services = (count: number): string =>
    Array.from(
      { length: count },
      (_, at) =>
        `  s${at}: { extends: { file: ${at}.yaml, service: x } }\n  t${at}: { extends: { file: ${at}.yaml, service: y } }\n`,
    ).join('');
  const good = await loadText(`services:\n${services(1_000)}`, { files });
  assert.ok(good.ok);
  assert.equal(good.config.files.length, 1_001);
  assert.deepEqual(await wrong(`services:\n${services(1_002)}`, { files }), [
    'supervisor.yaml:2002:29 More than 1000 files are included or extended',
  ]);
});

test('a hundred in a row are taken, through as many files too, and more are refused once', async () => {
  const files: Record<string, string> = {};
  for (let at = 0; at < 200; at++)
    files[`/shop/${at}.yaml`] = `services: { x: { extends: { file: ${at + 1}.yaml, service: x } } }\n`;
  files['/shop/200.yaml'] = 'services: { x: { command: x } }\n';
  const from = (file: number): string => `services: { a: { extends: { file: ${file}.yaml, service: x } } }\n`;
  assert.ok((await loadText(from(102), { files })).ok);
  assert.deepEqual(await wrong(from(0), { files }), [
    '100.yaml:1:27 More than 100 services extend each other in a row',
  ]);
});
