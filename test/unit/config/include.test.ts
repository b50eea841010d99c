import assert from 'node:assert/strict';
import test from 'node:test';
import { type Given, goodConfig, loadText, wrong } from './load.ts';

const INCLUDES_TWO =
  'include: [db/db.yaml, web.yaml]\nservices:\n  api: { command: api, depends_on: [db] }\n';
const FILES = {
  '/shop/db/db.yaml': 'services:\n  db: { command: x, env_file: db.env, log: { file: db.log } }\n',
  '/shop/db/db.env': 'A=1\n',
  '/shop/web.yaml': 'x-mine: 1\nservices:\n  web: { command: "${WEB}", depends_on: [api], cwd: site }\n',
};

test('services of included files are in the graph, before those of the file itself', async () => {
  const { services, files, dir } = await goodConfig(INCLUDES_TWO, { files: FILES, env: { WEB: 'www' } });
  assert.deepEqual(
    services.map(({ name }) => name),
    ['db', 'web', 'api'],
  );
  assert.deepEqual(files, ['/shop/supervisor.yaml', '/shop/db/db.yaml', '/shop/web.yaml']);
  assert.equal(dir, '/shop');
});

test('relative paths, and the folder in which a service runs, are those of its own file', async () => {
  const [db, web, api] = (await goodConfig(INCLUDES_TWO, { files: FILES, env: { WEB: 'www' } })).services;
  assert.deepEqual([db?.cwd, web?.cwd, api?.cwd], ['/shop/db', '/shop/site', '/shop']);
  assert.equal(db?.log.file?.path, '/shop/db/db.log');
  assert.deepEqual(db?.env, { A: '1' });
});

test('variables are filled in as in the first file, from its .env, in the entries of include too', async () => {
  const { services } = await goodConfig('include: "${PART}.yaml"\nservices:\n', {
    files: {
      '/shop/.env': 'PART=sub/part\nWORD=hello\n',
      '/shop/sub/.env': 'WORD=other\n',
      '/shop/sub/part.yaml': 'services: { a: { command: [echo, "${WORD}"] } }\n',
    },
  });
  assert.deepEqual(services[0]?.command, { kind: 'exec', argv: ['echo', 'hello'] });
});

test('defaults and env of the configuration hold for services that are included', async () => {
  const { services } = await goodConfig(
    'include: web.yaml\nenv: { A: 1 }\ndefaults: { stop: { grace: 1s } }\n',
    {
      files: { '/shop/web.yaml': 'services: { web: { command: x } }\n' },
    },
  );
  assert.deepEqual([services[0]?.env, services[0]?.stop.graceMs], [{ A: '1' }, 1_000]);
});

test('included files include further ones, relative to their own folder; one that is named twice is read once', async () => {
  const { services } = await goodConfig('include: [a/a.yaml, b.yaml]\n', {
    files: {
      '/shop/a/a.yaml': 'include: ../c.yaml\nservices: { a: { command: x } }\n',
      '/shop/b.yaml': 'include: [c.yaml]\nservices: { b: { command: x } }\n',
      '/shop/c.yaml': 'services: { c: { command: x } }\n',
    },
  });
  assert.deepEqual(
    services.map(({ name }) => name),
    ['c', 'a', 'b'],
  );
});

test('a file named later changes a service that is included, or removes it', async () => {
  const over = 'services:\n  db: { env: { B: 2 }, cwd: here }\n  web: null\n';
  const { services } = await goodConfig(INCLUDES_TWO, {
    files: { ...FILES, '/other/over.yaml': over },
    named: ['supervisor.yaml', '/other/over.yaml'],
  });
  assert.deepEqual(
    services.map(({ name, cwd, env }) => [name, cwd, env]),
    [
      ['db', '/other/here', { A: '1', B: '2' }],
      ['api', '/shop', {}],
    ],
  );
});

test('as any list include is that of the last file that has one, from whose folder it goes', async () => {
  const files = {
    ...FILES,
    '/other/over.yaml': 'include: more.yaml\n',
    '/other/more.yaml': FILES['/shop/db/db.yaml'],
  };
  const given = { files: { ...files, '/other/db.env': '' }, named: ['supervisor.yaml', '/other/over.yaml'] };
  const { services } = await goodConfig(INCLUDES_TWO, given);
  assert.deepEqual(
    services.map(({ name, cwd }) => [name, cwd]),
    [
      ['db', '/other'],
      ['api', '/shop'],
    ],
  );
});

test('an override may include what is yours alone, but not a service of the file below it', async () => {
  const given = (name: string): Given => ({
    files: {
      '/shop/supervisor.override.yaml': 'include: mine.yaml\n',
      '/shop/mine.yaml': `services: { ${name}: { command: x, depends_on: [api] } }\n`,
    },
  });
  const base = 'services: { api: { command: api } }\n';
  const { services } = await goodConfig(base, given('tool'));
  assert.deepEqual(
    services.map(({ name }) => name),
    ['tool', 'api'],
  );
  assert.deepEqual((await wrong(base, given('api'))).slice(0, 2), [
    'supervisor.yaml:1:13 Service "api" is in an included file too: one name is one service',
    '  mine.yaml:1:18 "api" of the other file',
  ]);
});

test('G10 one name is one service: two that are included, and one beside what it includes, are told with both places', async () => {
  const files = {
    '/shop/a.yaml': 'services:\n  one: { command: x }\n  two: { command: x }\n',
    '/shop/b.yaml': 'services:\n  one: { command: x }\n',
  };
  assert.deepEqual(await wrong('include: [a.yaml, b.yaml]\nservices:\n  two: { command: y }\n', { files }), [
    'supervisor.yaml:3:3 Service "two" is in an included file too: one name is one service',
    '  a.yaml:3:8 "two" of the other file',
    'b.yaml:2:3 Service "one" is in an included file too: one name is one service',
    '  a.yaml:2:8 "one" of the other file',
  ]);
});

test('G10 a cycle is one error with its whole trail', async () => {
  const files = {
    '/shop/a.yaml': 'include: b.yaml\n',
    '/shop/b.yaml': 'services: { b: { command: x } }\ninclude: [a.yaml]\n',
  };
  assert.deepEqual(await wrong('include: a.yaml\n', { files }), [
    'b.yaml:2:11 These files include each other: a.yaml -> b.yaml -> a.yaml',
    '  a.yaml:1:10 "a.yaml" includes "b.yaml"',
    '  b.yaml:2:11 "b.yaml" includes "a.yaml"',
  ]);
  const itself = { '/shop/a.yaml': 'include: ./a.yaml\n' };
  assert.deepEqual(await wrong('include: a.yaml\n', { files: itself }), [
    'a.yaml:1:10 "a.yaml" cannot include itself',
  ]);
  const back = { '/shop/a.yaml': 'include: supervisor.yaml\n' };
  assert.deepEqual(await wrong('include: a.yaml\n', { files: back }), [
    'a.yaml:1:10 These files include each other: supervisor.yaml -> a.yaml -> supervisor.yaml',
    '  supervisor.yaml:1:10 "supervisor.yaml" includes "a.yaml"',
    '  a.yaml:1:10 "a.yaml" includes "supervisor.yaml"',
  ]);
});

test('G10 what can not be read has the place of its entry, and is told with all else that is wrong', async () => {
  const text = [
    'include: [none.yaml, folder, fifo, 5, "${UNSET}", broken.yaml]',
    'services:',
    '  api: { comand: x, depends_on: [db] }',
  ].join('\n');
  const files = {
    '/shop/folder': { code: 'EISDIR' },
    '/shop/fifo': { code: 'NOT_REGULAR' },
    '/shop/broken.yaml': 'a: "x\n',
  };
  const told = await wrong(text, { files });
  assert.deepEqual(told.slice(0, 6), [
    'supervisor.yaml:1:11 Cannot read the included file "/shop/none.yaml": there is no such file',
    'supervisor.yaml:1:22 Cannot read the included file "/shop/folder": it is a folder',
    'supervisor.yaml:1:30 Cannot read the included file "/shop/fifo": it is no regular file',
    'supervisor.yaml:1:36 "include[3]" must be a path, but is the number 5',
    'supervisor.yaml:1:39 Cannot fill in "${UNSET}" in "include[4]": the variable UNSET is not set',
    'supervisor.yaml:3:10 Unknown key "comand" in service "api"',
  ]);
  assert.match(told[6] ?? '', /^broken\.yaml:1:/);
  assert.equal(told.length, 7);
});

test('G10 what can not stand in an included file is told there', async () => {
  const files = {
    '/shop/a.yaml': 'name: a\nshutdown: {}\nservcies: {}\nfoo: 1\nservices: { a: { command: x } }\n',
    '/shop/b.yaml': '- x\n',
    '/shop/c.yaml': 'services: 5\n',
  };
  assert.deepEqual(await wrong('include: [a.yaml, b.yaml, c.yaml]\n', { files }), [
    'a.yaml:1:1 "name" cannot stand in an included file: it holds for the whole configuration',
    'a.yaml:2:1 "shutdown" cannot stand in an included file: it holds for the whole configuration',
    'a.yaml:3:1 Unknown key "servcies" in an included file',
    'a.yaml:4:1 Unknown key "foo" in an included file',
    'b.yaml:1:1 An included file must be a map, but is a list',
    'c.yaml:1:11 "services" must be a map, but is the number 5',
  ]);
});

test('G10 a mistake in a service that is included has its place there', async () => {
  const files = { '/shop/a.yaml': 'services:\n  a: { command: x, stop: { grace: 5 }, depends_on: [b] }\n' };
  assert.deepEqual(await wrong('include: a.yaml\n', { files }), [
    'a.yaml:2:35 "stop.grace" of service "a" must be a duration such as 250ms, 2s, 1m30s or 1h, but is the number 5',
  ]);
});

test('an empty file that is included, and an empty list, change nothing', async () => {
  const files = { '/shop/a.yaml': '# later\n' };
  for (const include of ['a.yaml', '[]', '[a.yaml]', ''])
    assert.equal(
      (await goodConfig(`include: ${include}\nservices: { a: { command: x } }\n`, { files })).services.length,
      1,
    );
});

test('a chain of a thousand files is read, and what is more is refused once', async () => {
  const files: Record<string, string> = {};
  for (let at = 0; at < 1000; at++)
    files[`/shop/${at}.yaml`] = `include: ${at + 1}.yaml\nservices: { s${at}: { command: x } }\n`;
  files['/shop/1000.yaml'] = 'services: { last: { command: x } }\n';
  assert.deepEqual(await wrong('include: 0.yaml\n', { files }), [
    '999.yaml:1:10 More than 1000 files are included or extended',
  ]);
  const good = await loadText('include: 1.yaml\n', { files });
  assert.ok(good.ok);
  assert.equal(good.config.services.length, 1000);
});

test('ten thousand entries are refused in little time, with one sentence', async () => {
  const files: Record<string, string> = {};
  for (let at = 0; at < 10_000; at++) files[`/shop/${at}.yaml`] = `services: { s${at}: { command: x } }\n`;
  const told = await wrong(`include: [${Object.keys(files).join(', ')}]\n`, { files });
  assert.equal(told.length, 1);
  assert.match(told[0] ?? '', /More than 1000 files are included or extended$/);
});

test('what is too large together is told once, and nothing more is read', async () => {
  const half = `# ${'x'.repeat(33 * 1024 * 1024)}\n`;
  const files = { '/shop/a.yaml': half, '/shop/b.yaml': half };
  assert.deepEqual(await wrong('include: [a.yaml, b.yaml, never-asked-for.yaml]\n', { files }), [
    'supervisor.yaml:1:19 Cannot read the included file "/shop/b.yaml": with those before it, it is too large',
  ]);
});
