import assert from 'node:assert/strict';
import test from 'node:test';
import { formatDiagnostic } from '../../../src/config/diagnostics/diagnostic.ts';
import { badConfig, goodConfig, loadFiles, loadText, places } from './load.ts';

const ONE = 'services:\n  a: { command: x }\n';

/** The files of the configuration, or what is wrong. */
async function filesOf(given: Parameters<typeof loadFiles>[0]): Promise<readonly string[]> {
  const result = await loadFiles(given);
  return result.ok ? result.config.files : result.diagnostics.map(({ message }) => message);
}

test('without -f the configuration of the working directory is taken', async () => {
  const files = { '/shop/supervisor.yaml': ONE, '/supervisor.yaml': ONE };
  assert.deepEqual(await filesOf({ files }), ['/shop/supervisor.yaml']);
});

test('without -f the nearest parent with a configuration is taken', async () => {
  const files = { '/shop/supervisor.yml': ONE, '/supervisor.yaml': ONE };
  assert.deepEqual(await filesOf({ files, cwd: '/shop/a/b' }), ['/shop/supervisor.yml']);
});

test('supervisor.yaml is taken before supervisor.yml', async () => {
  const files = { '/shop/supervisor.yml': ONE, '/shop/supervisor.yaml': ONE };
  assert.deepEqual(await filesOf({ files }), ['/shop/supervisor.yaml']);
});

test('with -f only the files named are taken, relative to the working directory', async () => {
  const files = { '/shop/supervisor.yaml': ONE, '/shop/a.yaml': ONE, '/b.yaml': ONE };
  assert.deepEqual(await filesOf({ files, named: ['a.yaml', '/b.yaml'] }), ['/shop/a.yaml', '/b.yaml']);
});

const UNREADABLE: readonly (readonly [string, string])[] = [
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'permission denied'],
  ['EIO', 'EIO'],
];

for (const [code, why] of UNREADABLE) {
  test(`a file that gives ${code} is named with the reason`, async () => {
    const result = await loadFiles({ files: { '/shop/x.yaml': { code } }, named: ['x.yaml'] });
    assert.ok(!result.ok);
    assert.deepEqual(places(result.diagnostics), [`- Cannot read the configuration "/shop/x.yaml": ${why}`]);
    assert.ok(result.diagnostics[0]?.hint);
  });
}

test("G10 every file that can't be read is named at once", async () => {
  const result = await filesOf({ named: ['a.yaml', 'b.yaml'] });
  assert.equal(result.length, 2);
});

test('a folder called supervisor.yaml is not passed over', async () => {
  const files = { '/shop/supervisor.yaml': { code: 'EISDIR' }, '/supervisor.yaml': ONE };
  assert.deepEqual(await filesOf({ files }), [
    'Cannot read the configuration "/shop/supervisor.yaml": it is a folder',
  ]);
});

const OVER = 'services:\n  a: { env: { A: 1 } }\n';

test('the override beside the file that was found lies over it; one elsewhere, and with -f none', async () => {
  const files = { '/shop/supervisor.yaml': ONE, '/shop/supervisor.override.yaml': OVER };
  const both = ['/shop/supervisor.yaml', '/shop/supervisor.override.yaml'];
  assert.deepEqual(await filesOf({ files }), both);
  assert.deepEqual(await filesOf({ files, cwd: '/shop/below' }), both);
  assert.deepEqual(await filesOf({ files, named: ['supervisor.yaml'] }), ['/shop/supervisor.yaml']);
  assert.deepEqual((await goodConfig(ONE, { files })).services[0]?.env, { A: '1' });
  const below = { '/shop/supervisor.yml': ONE, '/shop/below/supervisor.override.yml': OVER };
  assert.deepEqual(await filesOf({ files: below, cwd: '/shop/below' }), ['/shop/supervisor.yml']);
});

test('an override has either ending, whatever the file below it has; .yaml is taken before .yml', async () => {
  const files = { '/shop/supervisor.yaml': ONE, '/shop/supervisor.override.yml': OVER };
  assert.deepEqual((await filesOf({ files }))[1], '/shop/supervisor.override.yml');
  const three = { ...files, '/shop/supervisor.override.yaml': OVER };
  assert.deepEqual((await filesOf({ files: three })).slice(1), ['/shop/supervisor.override.yaml']);
});

test('G10 what is wrong in an override has its place there; one that can not be read is named', async () => {
  const wrong = await badConfig(ONE, {
    files: { '/shop/supervisor.override.yaml': 'services:\n  a: { stop: { grace: 5 } }\n' },
  });
  assert.deepEqual(
    wrong.map(({ place }) => `${place?.file}:${place?.line}:${place?.column}`),
    ['/shop/supervisor.override.yaml:2:23'],
  );
  const closed = { '/shop/supervisor.yaml': ONE, '/shop/supervisor.override.yaml': { code: 'NOT_REGULAR' } };
  assert.deepEqual(await filesOf({ files: closed }), [
    'Cannot read "/shop/supervisor.override.yaml", which is taken by itself over "supervisor.yaml": it is no regular file',
  ]);
});

test('that there is no configuration is said with the places looked at and a remedy', async () => {
  const result = await loadFiles({});
  assert.ok(!result.ok);
  assert.deepEqual(places(result.diagnostics), [
    '- Cannot find a configuration: neither supervisor.yaml nor supervisor.yml is in "/shop" or a folder above it',
  ]);
  assert.match(result.diagnostics[0]?.hint ?? '', /-f FILE/);
});

test('an error of reading that is no error of the file system is a bug and thrown', async () => {
  const { loadConfig } = await import('../../../src/config/load-config.ts');
  const readFile = (): string => {
    throw new TypeError('oops');
  };
  await assert.rejects(loadConfig({ files: [], cwd: '/', env: {}, readFile }), TypeError);
});

test('the name of the project is the one given, else the name of the folder', async () => {
  assert.equal((await goodConfig(ONE)).name, 'shop');
  assert.equal((await goodConfig(`name: mall\n${ONE}`)).name, 'mall');
  const root = await loadFiles({ files: { '/supervisor.yaml': ONE }, cwd: '/' });
  assert.ok(root.ok);
  assert.equal(root.config.name, 'orderly');
});

test('later files override: maps merge, lists and scalars replace, null removes', async () => {
  const base = [
    'env: { A: 1, B: 2 }',
    'services:',
    '  a: { command: [x, y], stop: { grace: 1s, signal: SIGINT }, profiles: [p, q], restart: always }',
    '  b: { command: y, depends_on: { a: {} } }',
    '  c: { command: z }',
  ].join('\n');
  const over = [
    'env: { B: 3, C: 4 }',
    'services:',
    '  a: { command: z, stop: { grace: 2s }, profiles: [r], restart: null }',
    '  b: { depends_on: [d] }',
    '  c: null',
    '  d: { command: w }',
  ].join('\n');
  const config = await goodConfig(base, {
    named: ['supervisor.yaml', 'over.yaml'],
    files: { '/shop/over.yaml': over },
  });
  const [a, b, d] = config.services;
  assert.deepEqual(
    config.services.map(({ name }) => name),
    ['a', 'b', 'd'],
  );
  assert.deepEqual(a?.env, { A: '1', B: '3', C: '4' });
  assert.deepEqual(a?.command, { kind: 'shell', script: 'z' });
  assert.deepEqual([a?.stop.graceMs, a?.stop.signal], [2_000, 'SIGINT']);
  assert.deepEqual(a?.profiles, ['r']);
  assert.equal(a?.restart.policy, 'on-failure');
  assert.deepEqual(
    b?.dependsOn.map(({ service }) => service),
    ['d'],
  );
  assert.equal(d?.name, 'd');
});

test('an empty file among several changes nothing', async () => {
  const config = await goodConfig(ONE, {
    named: ['supervisor.yaml', 'none.yaml'],
    files: { '/shop/none.yaml': '# later\n' },
  });
  assert.equal(config.services.length, 1);
});

test('relative paths are relative to the file that sets them', async () => {
  const base =
    'services:\n  a: { command: x, cwd: here, ready: { file: run/a } }\n  b: { command: y, cwd: here, env_file: e.env }\n';
  const over = 'services:\n  b: { cwd: there }\n';
  const files = { '/other/over.yaml': over, '/shop/e.env': 'E=1' };
  const config = await goodConfig(base, { named: ['supervisor.yaml', '/other/over.yaml'], files });
  const [a, b] = config.services;
  assert.deepEqual([config.dir, a?.cwd, b?.cwd], ['/shop', '/shop/here', '/other/there']);
  assert.ok(a?.ready?.kind === 'file');
  assert.equal(a.ready.path, '/shop/run/a');
  assert.deepEqual(b?.env, { E: '1' });
});

test('G10 a problem is placed in the last file that sets its path', async () => {
  const base = 'services:\n  a: { command: x, stop: { grace: 5, signal: NO } }\n';
  const over = 'services:\n  a:\n    stop: { grace: 6 }\n';
  const result = await loadText(base, {
    named: ['supervisor.yaml', 'over.yaml'],
    files: { '/shop/over.yaml': over },
  });
  assert.ok(!result.ok);
  assert.deepEqual(
    result.diagnostics.map(({ place }) => `${place?.file}:${place?.line}:${place?.column}`),
    ['/shop/supervisor.yaml:2:46', '/shop/over.yaml:3:20'],
  );
});

test('G10 the syntax errors of all files are reported together', async () => {
  const given = { named: ['supervisor.yaml', 'over.yaml'], files: { '/shop/over.yaml': 'b: [\n' } };
  const diagnostics = await badConfig('a: "x\n', given);
  assert.deepEqual(
    diagnostics.map(({ place }) => place?.file),
    ['/shop/supervisor.yaml', '/shop/over.yaml'],
  );
});

test('locate gives places to problems found later, their trails included', async () => {
  const result = await loadText(
    'services:\n  a: { command: x, depends_on: [b] }\n  b:\n    command: y\n    depends_on:\n      a: {}\n',
  );
  assert.ok(result.ok);
  const edge = (from: string, to: string | number) => ({
    path: ['services', from, 'depends_on', to],
    message: from,
  });
  const trail = [edge('a', 0), edge('b', 'a')];
  const [found] = await result.locate([
    { severity: 'error', message: 'A cycle', path: ['services', 'b'], atKey: true, trail },
  ]);
  assert.deepEqual([found?.place?.line, found?.place?.column, found?.place?.length], [3, 3, 1]);
  assert.deepEqual(
    found?.trail.map(({ place }) => `${place?.line}:${place?.column}`),
    ['2:33', '6:10'],
  );
  assert.deepEqual(await result.locate([]), []);
});

test('in files of variables what the environment, .env, earlier lines and earlier files give is filled in', async () => {
  const text = 'env_file: all.env\nservices:\n  a: { command: x, env_file: [one.env, two.env] }\n';
  const { services } = await goodConfig(text, {
    env: { HOME: '/home/me' },
    files: {
      '/shop/.env': 'HOST=local.${TLD:-test}\n',
      '/shop/all.env': 'BASE=http://${HOST}/\n',
      '/shop/one.env': 'PORT=1\nOWN=${HOME}/x\n',
      '/shop/two.env': 'PORT=2\nURL="$BASE$PORT"\n',
    },
  });
  assert.deepEqual(services[0]?.env, {
    ...{ BASE: 'http://local.test/', PORT: '2', OWN: '/home/me/x', URL: 'http://local.test/2' },
  });
});

test('what can not be filled in is told once, at its place in the file, for whoever has it', async () => {
  const diagnostics = await badConfig(
    'services:\n  a: { command: x, env_file: s.env }\n  b: { command: x, env_file: s.env }\n',
    { files: { '/shop/s.env': 'A=1\nB=se$cret\n' } },
  );
  assert.deepEqual(places(diagnostics), [
    '2:1 Cannot fill in the value of B: it uses a variable that is not set',
  ]);
  assert.equal(diagnostics[0]?.place?.file, '/shop/s.env');
  assert.doesNotMatch(diagnostics.map((one) => formatDiagnostic(one, '/shop')).join(), /cret/);
});

test('in files of variables the entry of the service counts before their lines', async () => {
  const entry = (env: string) => `
defaults: { env: { ZONE: defaults } }
services:
  a: { command: x, env: { ${env} }, env_file: s.env, depends_on: [b] }
  b: { command: y, env_file: s.env }
`;
  const files = { '/shop/s.env': 'HOST=file\nURL=http://$HOST/$ZONE\n' };
  const { services } = await goodConfig(entry('HOST: own'), { files });
  assert.deepEqual(
    services.map(({ env }) => env.URL),
    ['http://own/defaults', 'http://file/defaults'],
  );
  // What is taken away is given by the line.
  assert.equal(
    (await goodConfig(entry('HOST: null'), { files })).services[0]?.env.URL,
    'http://file/defaults',
  );
  assert.deepEqual(places(await badConfig(entry('HOST: "${b.host}"'), { files })), [
    '2:1 Cannot fill in the value of URL: it uses a variable that is known only when the service starts',
  ]);
});

test('what other readers take for a comment is warned of, without the value', async () => {
  const text = 'services:\n  a: { command: x, env_file: s.env, env: { B: "${B}" } }\n';
  const result = await loadText(text, {
    files: { '/shop/s.env': 'A=x#cret\n', '/shop/.env': '\nB=y#cret\n' },
  });
  assert.ok(result.ok);
  assert.deepEqual(result.config.services[0]?.env, { A: 'x#cret', B: 'y#cret' });
  assert.deepEqual(
    result.warnings.map(({ place, message }) => `${place?.file}:${place?.line} ${message}`),
    [
      '/shop/s.env:1 A is read with what stands behind its #, which other readers take for a comment',
      '/shop/.env:2 B is read with what stands behind its #, which other readers take for a comment',
    ],
  );
  assert.doesNotMatch(result.warnings.map((one) => formatDiagnostic(one, '/shop')).join(), /cret/);
});

test('a file of variables that is not required need not be there, but what it says must be right', async () => {
  const entry = (files: string) => `services:\n  a: { command: x, env_file: ${files} }\n`;
  const files = { '/shop/here.env': 'A=1\n' };
  for (const written of [
    '{ path: not.env, required: false }',
    '[here.env, { path: not.env, required: false }]',
    '[{ path: here.env }, { path: no/folder.env, required: "${NO:-false}" }]',
  ]) {
    const { services } = await goodConfig(entry(written), { files });
    assert.deepEqual(services[0]?.env, written.includes('here') ? { A: '1' } : {});
  }
  for (const [written, wanted] of [
    ['not.env', '2:30 Cannot read the environment file "/shop/not.env": there is no such file'],
    ['{ path: not.env }', '2:38 Cannot read the environment file "/shop/not.env": there is no such file'],
    [
      '{ path: folder, required: false }',
      '2:38 Cannot read the environment file "/shop/folder": it is a folder',
    ],
    ['{ required: false }', '2:30 "env_file" of service "a" has no "path"'],
    ['{ path: wrong.env, required: false }', '1:1 Cannot read this line: it is not KEY=VALUE'],
  ] as const) {
    const diagnostics = await badConfig(entry(written), {
      files: { ...files, '/shop/folder': { code: 'EISDIR' }, '/shop/wrong.env': 'x y' },
    });
    assert.deepEqual(places(diagnostics), [wanted]);
  }
});

test('merge keys: what a map has itself counts, then the first of what is merged into it', async () => {
  const text = `
x-one: &one { cwd: /one, env: { A: one, B: one } }
x-two: &two
  cwd: /two
  restart: no
x-three: &three { <<: *two, type: task }
services:
  own: { <<: *one, command: x, cwd: /own, env: { A: own } }
  both: { <<: [*one, *two], command: x }
  nested: { <<: *three, command: x }
  inline: { <<: { cwd: /inline }, command: x }
  env: { command: x, env: { <<: { A: a }, B: b } }
`;
  const { services } = await goodConfig(text);
  assert.deepEqual(
    services.map(({ name, cwd, env, restart, type }) => [name, cwd, env, restart.policy, type]),
    [
      ['own', '/own', { A: 'own' }, 'on-failure', 'service'],
      ['both', '/one', { A: 'one', B: 'one' }, 'no', 'service'],
      ['nested', '/two', {}, 'no', 'task'],
      ['inline', '/inline', {}, 'on-failure', 'service'],
      ['env', '/shop', { A: 'a', B: 'b' }, 'on-failure', 'service'],
    ],
  );
});
