import assert from 'node:assert/strict';
import test from 'node:test';
import { type EnvironmentOf, variablesOf } from '../../../../src/cli/env/variables.ts';
import { readConfig } from '../../../../src/config/load-config.ts';

type More = Partial<Pick<EnvironmentOf, 'inherited' | 'ofUser' | 'colours' | 'channels'>>;

/** `NAME from value` of each variable of the service `a`; `?` for what is known at the start. */
async function told(files: Readonly<Record<string, string>>, more: More = {}): Promise<readonly string[]> {
  const readFile = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    return text;
  };
  const inherited = more.inherited ?? {};
  const env = Object.fromEntries(Object.entries(inherited).filter(([, value]) => value !== undefined));
  const read = await readConfig({ files: ['/s/s.yaml'], cwd: '/s', env, readFile });
  assert.ok(read.ok, read.ok ? '' : read.diagnostics.map(({ message }) => message).join());
  const variables = variablesOf({
    ...{ spec: read.config.services[0]!, own: read.environment.of('a'), inherited, ofUser: {} },
    ...{
      colours: [],
      channels: [],
      programFolders: [],
      variable: read.environment.variable,
      isService: () => true,
    },
    ...more,
  });
  return variables.map(({ name, from, value }) => {
    const place =
      from.kind === 'env_file'
        ? ` ${from.file}:${from.line}`
        : from.kind === 'env'
          ? ` ${from.path.join('.')}`
          : '';
    return `${name} ${from.kind}${place} ${value ?? '?'}`;
  });
}

const ALWAYS = [
  'ORDERLY_ATTEMPT orderly ?',
  'ORDERLY_MARK orderly ?',
  'ORDERLY_RUN orderly ?',
  'ORDERLY_SERVICE orderly a',
];

test('each variable is that of the last layer that sets it, and is told with its place', async () => {
  const yaml = `
env: { A: 1, B: 1, C: 1, D: 1 }
env_file: all.env
defaults: { env: { E: 2, F: 2, GONE: null } }
services:
  a: { command: x, env_file: [a.env], env: { F: 3, G: 3 } }
`;
  const files = {
    '/s/s.yaml': yaml,
    '/s/all.env': 'B=2\nX=1\n',
    '/s/a.env': '# comment\nC=3\nC=4\nE=1\nGONE=1\n',
  };
  assert.deepEqual(await told(files, { inherited: { A: '0', H: '0', GONE: '0' } }), [
    'A env env.A 1',
    'B env_file /s/all.env:1 ***',
    'C env_file /s/a.env:3 ***',
    'D env env.D 1',
    'E env defaults.env.E 2',
    'F env services.a.env.F 3',
    'G env services.a.env.G 3',
    'H inherited 0',
    ...ALWAYS,
    'X env_file /s/all.env:2 ***',
  ]);
});

test('an inherited PATH is told with the programs of the project before it', async () => {
  const files = { '/s/s.yaml': 'services: { a: { command: x } }' };
  const more = { inherited: { PATH: '/bin' }, programFolders: ['/s/node_modules/.bin'] };
  assert.ok((await told(files, more)).includes('PATH inherited /s/node_modules/.bin:/bin'));
});

test('nothing of a file of variables or of a secret is shown in a text around it', async () => {
  const yaml = `services:
  a:
    command: x
    env:
      URL: "pg://me:\${PW}@h/\${MY_TOKEN}/\${PLAIN}/\${NONE:-none}/\${db.port}/$$x"
      OWN_SECRET: abc
      WITH: "\${PW:+yes}"
    depends_on: [db]
  db: { command: x }
`;
  const inherited = { MY_TOKEN: 'hidden', PLAIN: 'plain' };
  const shown = await told({ '/s/s.yaml': yaml, '/s/.env': 'PW=hidden\n' }, { inherited });
  assert.deepEqual(
    shown,
    [
      'MY_TOKEN inherited ***',
      ...ALWAYS,
      'OWN_SECRET env services.a.env.OWN_SECRET ***',
      'PLAIN inherited plain',
      'URL env services.a.env.URL pg://me:***@h/***/plain/none/${db.port}/$x',
      'WITH env services.a.env.WITH yes',
    ].toSorted((a, b) => (a.split(' ')[0]! < b.split(' ')[0]! ? -1 : 1)),
  );
});

test('what is inherited is what the service lets in, without what our parent told us alone', async () => {
  const inherited = { PATH: '/bin', HOME: '/me', NOTIFY_SOCKET: '/run/x', USER: 'me' };
  const yaml = (more: string) => ({ '/s/s.yaml': `services: { a: { command: x${more} } }` });
  assert.deepEqual(await told(yaml(''), { inherited, channels: ['NOTIFY_SOCKET'], colours: ['COLUMNS'] }), [
    ...['COLUMNS orderly ?', 'HOME inherited /me', ...ALWAYS, 'PATH inherited /bin', 'USER inherited me'],
  ]);
  assert.deepEqual(await told(yaml(', env_inherit: [PATH, NONE]'), { inherited, colours: ['COLUMNS'] }), [
    ...[...ALWAYS, 'PATH inherited /bin'],
  ]);
  assert.deepEqual(await told(yaml(', env_inherit: false, env: { A: 1 }'), { inherited }), [
    ...['A env services.a.env.A 1', ...ALWAYS],
  ]);
  assert.deepEqual(await told(yaml(''), { inherited: { HOME: '/me' }, ofUser: { HOME: '/you' } }), [
    ...['HOME user /you', ...ALWAYS],
  ]);
});

test('what orderly adds is told: channels, the watchdog, values for the shell', async () => {
  const yaml = (more: string) => ({
    '/s/s.yaml': `services: { a: { command: x, ${more} }, db: { command: x } }`,
  });
  const added = async (more: string) => (await told(yaml(more))).filter((line) => !ALWAYS.includes(line));
  assert.deepEqual(await added('ready: { all: [{ notify: fd }, { delay: 1s }] }'), [
    'ORDERLY_NOTIFY_FD orderly 3',
  ]);
  assert.deepEqual(await added('ready: { notify: node }, watchdog: 15s'), [
    'NODE_CHANNEL_FD orderly 3',
    'NODE_CHANNEL_SERIALIZATION_MODE orderly json',
    'WATCHDOG_USEC orderly 15000000',
  ]);
  assert.deepEqual(await added('watchdog: { within: 1s, source: systemd }'), [
    'NOTIFY_SOCKET orderly ?',
    'WATCHDOG_PID orderly ?',
    'WATCHDOG_USEC orderly 1000000',
  ]);
  assert.deepEqual(await added('watchdog: { within: 1s, source: log }'), []);
  const script = {
    '/s/s.yaml': 'services: { a: { command: "x ${db.port}", depends_on: [db] }, db: { command: x } }',
  };
  assert.ok((await told(script)).includes('ORDERLY_VALUE_1 orderly ${db.port}'));
});

test('with a terminal of its own it is not told of ours, and has a TERM in any case', async () => {
  const yaml = (more = '') => ({ '/s/s.yaml': `services: { a: { command: x, terminal: true${more} } }` });
  const colours = ['COLUMNS'];
  assert.deepEqual(await told(yaml(), { inherited: {}, colours }), [...ALWAYS, 'TERM orderly xterm']);
  assert.deepEqual(await told(yaml(), { inherited: { TERM: 'vt100' }, colours }), [
    ...[...ALWAYS, 'TERM inherited vt100'],
  ]);
  assert.deepEqual(await told(yaml(', env: { TERM: null }'), { inherited: { TERM: 'vt100' } }), ALWAYS);
});
