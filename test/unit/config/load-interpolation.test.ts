import assert from 'node:assert/strict';
import test from 'node:test';
import { badConfig, goodConfig, goodService, loadText, places } from './load.ts';

test('variables come from the environment, then from .env beside the file', async () => {
  const given = { env: { A: 'env' }, files: { '/shop/.env': 'A=file\nB="from file"\n' } };
  const { env } = await goodService('env: { X: "${A}", Y: "${B}", Z: "${C:-none}" }', given);
  assert.deepEqual(env, { X: 'env', Y: 'from file', Z: 'none' });
});

test('.env is not passed to services', async () => {
  assert.deepEqual((await goodService('env: {}', { files: { '/shop/.env': 'A=1' } })).env, {});
});

test('without .env only the environment counts', async () => {
  assert.deepEqual((await goodService('env: { X: "${A:-d}" }')).env, { X: 'd' });
});

test("an .env that can't be read is reported", async () => {
  const text = 'services:\n  a: { command: "${X}" }\n';
  const diagnostics = await badConfig(text, { files: { '/shop/.env': { code: 'EACCES' } } });
  assert.equal(places(diagnostics)[0], '- Cannot read "/shop/.env": permission denied');
});

test('G10 the lines of .env that are wrong are reported with their place', async () => {
  const diagnostics = await badConfig('services:\n  a: { command: "${X}" }\n', {
    files: { '/shop/.env': 'X=1\nnonsense\n' },
  });
  assert.deepEqual(places(diagnostics), ['2:1 Cannot read this line: it is not KEY=VALUE']);
  assert.equal(diagnostics[0]?.place?.file, '/shop/.env');
});

test('numbers, truth values, words, durations and ports may come from variables', async () => {
  const env = { N: '3', B: 'false', W: 'always', D: '5s', P: '81', S: 'INT' };
  const service = await goodService(
    [
      'restart: { max: "${N}", policy: "${W}", jitter: "0.${N}", success_codes: ["${N}"] }',
      'log: { prefix: "${B}" }',
      'stop: { grace: "${D}", signal: "${S}" }',
      'ready: { tcp: "${P}" }',
    ].join('\n'),
    { env },
  );
  assert.deepEqual(
    [service.restart.max, service.restart.policy, service.restart.jitter, service.restart.successCodes],
    [3, 'always', 0.3, [3]],
  );
  assert.deepEqual([service.log.prefix, service.stop.graceMs, service.stop.signal], [false, 5_000, 'SIGINT']);
  assert.ok(service.ready?.kind === 'tcp');
  assert.equal(service.ready.port, '81');
});

test('a plain variable in block style needs no quotes', async () => {
  const service = await goodService('ready:\n  tcp: ${PORT:-5432}\nrestart:\n  max: ${MAX:-7}');
  assert.ok(service.ready?.kind === 'tcp');
  assert.deepEqual([service.ready.port, service.restart.max], ['5432', 7]);
});

test('keys are never interpolated', async () => {
  const { env } = await goodService('env: { "${A}": 1 }', { env: { A: 'X' } });
  assert.deepEqual(env, { '${A}': '1' });
});

test('what a variable holds is not read as YAML and not interpolated again', async () => {
  const { env } = await goodService('env: { X: "${A}" }', { env: { A: '{ b: [${C}] } # $$' } });
  assert.deepEqual(env, { X: '{ b: [${C}] } # $$' });
});

test('a dollar in a regular expression stays', async () => {
  const service = await goodService("ready: { log: '^up on (?<port>\\d+)$|\\$${HOST}$' }", {
    env: { HOST: 'x' },
  });
  assert.ok(service.ready?.kind === 'log');
  assert.equal(service.ready.pattern, '^up on (?<port>\\d+)$|\\${HOST}$');
});

test('a script keeps what belongs to the shell', async () => {
  const { command } = await goodService(
    'cleanup: [\'for f in "$@"; do rm "$f"; done; echo $? $(pwd)\']',
  ).then((service) => ({ command: service.cleanup[0]?.run }));
  assert.deepEqual(command, { kind: 'shell', script: 'for f in "$@"; do rm "$f"; done; echo $? $(pwd)' });
});

test('values of a dependency can stand in commands, env, clean-ups and conditions', async () => {
  const { services } = await goodConfig(`
services:
  db: { command: x }
  a:
    command: [run, "${'${db.port}'}"]
    depends_on: [db]
    env: { U: "h:${'${db.port}'}" }
    cleanup: ["rm ${'${db.dir}'}"]
    stop: { command: "stop ${'${db.port}'}" }
    ready:
      all:
        - tcp: "localhost:${'${db.port}'}"
        - tcp: ${'${db.port}'}
        - http: "http://h:${'${db.port}'}/x"
        - exec: "check ${'${db.port}'}"
        - file: "run/${'${db.port}'}"
        - file: "${'${db.dir}'}/x"
`);
  const [, a] = services;
  const port = { service: 'db', value: 'port' };
  const dir = { service: 'db', value: 'dir' };
  assert.deepEqual(a?.command, { kind: 'exec', argv: ['run', [port]] });
  assert.deepEqual(a?.env, { U: ['h:', port] });
  assert.ok(a?.ready?.kind === 'all');
  assert.deepEqual(
    a.ready.of.map((condition) => {
      if (condition.kind === 'tcp') return [condition.host, condition.port];
      if (condition.kind === 'http') return condition.url;
      if (condition.kind === 'file') return condition.path;
      return condition.kind;
    }),
    [
      ['localhost', [port]],
      ['127.0.0.1', [port]],
      ['http://h:', port, '/x'],
      'exec',
      ['/shop/run/', port],
      [dir, '/x'],
    ],
  );
});

const WRONG: readonly (readonly [string, string, string])[] = [
  [
    'cwd: "${b.dir}"',
    '4:10',
    'Cannot use "${b.dir}" in "cwd" of service "a": it must be known before anything is started',
  ],
  [
    'labels: { x: "${b.y}" }',
    '4:18',
    'Cannot use "${b.y}" in "labels.x" of service "a": it must be known before anything is started',
  ],
  [
    'ready: { log: "${b.y}" }',
    '4:19',
    'Cannot use "${b.y}" in "ready.log" of service "a": it must be known before anything is started',
  ],
  [
    'env: { X: "${b.port}" }',
    '4:15',
    'Cannot use "${b.port}" in "env.X" of service "a": "a" does not depend on "b"',
  ],
  [
    'env: { X: "${a.port}" }',
    '4:15',
    'Cannot use "${a.port}" in "env.X" of service "a": it has no values before it is started',
  ],
  [
    'env: { X: "${bb.port}" }',
    '4:15',
    'Cannot use "${bb.port}" in "env.X" of service "a": there is no service "bb"',
  ],
  [
    'env: { X: "${NO}" }',
    '4:15',
    'Cannot fill in "${NO}" in "env.X" of service "a": the variable NO is not set',
  ],
  ['env: { X: "${NO:?set it}" }', '4:15', 'Cannot fill in "${NO:?set it}" in "env.X" of service "a": set it'],
  [
    'env: { X: "${NO%x}" }',
    '4:15',
    'Cannot fill in "${NO%x}" in "env.X" of service "a": this form is not known',
  ],
  [
    'restart: { max: "${N}" }',
    '4:21',
    '"restart.max" of service "a" must be a whole number, at least 0, but is "${N}" filled in',
  ],
];

for (const [line, place, message] of WRONG) {
  test(`G10 the place and reason are told of: ${line}`, async () => {
    const text = `services:\n  a:\n    command: x\n    ${line}\n  b: { command: y }\n`;
    const diagnostics = await badConfig(text, { env: { N: 'many' } });
    assert.deepEqual(places(diagnostics), [`${place} ${message}`]);
    if (!line.includes('set it') && !line.includes('max')) assert.ok(diagnostics[0]?.hint);
  });
}

test('what a variable stands for is told by no error: it may be a secret', async () => {
  const lines = [
    ...['restart: { max: "${N}" }', 'stop: { grace: "${N}" }', 'stop: { signal: "${N}" }', 'nice: "${N}"'],
    ...[
      'type: "${N}"',
      'user: "${N}:x"',
      'umask: "${N}"',
      'limits: { nofile: "${N}" }',
      'log: { max_size: "${N}" }',
    ],
    ...['ready: { tcp: "${N}" }', 'ready: { http: "${N}" }', 'ready: { log: "(${N}" }', 'stdin: "${N}"'],
    ...['log: { color: "${N}" }', 'env: { X: "${NO:?it is ${N}}" }'],
  ];
  for (const line of lines) {
    const text = `services:\n  a:\n    command: x\n    ${line}\n`;
    const told = JSON.stringify(await badConfig(text, { env: { N: '5hunter2' } }));
    assert.ok(!told.includes('hunter2'), told);
  }
});

test('values of a dependency of a dependency can be used', async () => {
  const { services } = await goodConfig(`
services:
  db: { command: db }
  migrate: { type: task, command: migrate, depends_on: [db] }
  api: { command: api, depends_on: [migrate], env: { URL: "h:${'${db.port}'}" } }
`);
  assert.deepEqual(services[2]?.env, { URL: ['h:', { service: 'db', value: 'port' }] });
});

test('G10 a value of a service in what is for every service is an error', async () => {
  const text = 'env: { A: "${a.x}" }\ndefaults: { env: { B: "${a.y}" } }\nservices:\n  a: { command: x }\n';
  assert.deepEqual(places(await badConfig(text)), [
    '1:11 Cannot use "${a.x}" in "env.A": this is for every service, "a" included',
    '2:23 Cannot use "${a.y}" in "defaults.env.B": this is for every service, "a" included',
  ]);
});

/** Every place of a configuration where a text stands that no shell reads. */
const UNREAD: readonly (readonly [string, string])[] = [
  [
    'command: [echo, $HOME]',
    '3:21 Nothing expands "$HOME" in "command[1]" of service "a": it stays as it is',
  ],
  ['env: { X: a$B }', '4:15 Nothing expands "$B" in "env.X" of service "a": it stays as it is'],
  ['env: { X: ~/x }', '4:15 Nothing expands "~/" in "env.X" of service "a": it stays as it is'],
  ['env: { X: $(pwd) }', '4:15 Nothing expands "$(…)" in "env.X" of service "a": it stays as it is'],
  ['env: { X: "${Y:-$B}" }', '4:15 Nothing expands "$B" in "env.X" of service "a": it stays as it is'],
  ['cwd: ~/x', '4:10 Nothing expands "~/" in "cwd" of service "a": it stays as it is'],
  ['log: { file: $LOGS/x }', '4:18 Nothing expands "$LOGS" in "log.file" of service "a": it stays as it is'],
  ['env_file: $X.env', '4:15 Nothing expands "$X" in "env_file" of service "a": it stays as it is'],
  [
    'ready: { http: "http://$H/" }',
    '4:20 Nothing expands "$H" in "ready.http" of service "a": it stays as it is',
  ],
  ['ready: { file: ~/x }', '4:20 Nothing expands "~/" in "ready.file" of service "a": it stays as it is'],
  [
    'ready: { exec: [test, $X] }',
    '4:27 Nothing expands "$X" in "ready.exec[1]" of service "a": it stays as it is',
  ],
  ['cleanup: [[rm, $X]]', '4:20 Nothing expands "$X" in "cleanup[0][1]" of service "a": it stays as it is'],
];

for (const [line, wanted] of UNREAD) {
  test(`what no shell expands is warned of: ${line}`, async () => {
    const lines = line.startsWith('command') ? line : `command: x\n    ${line}`;
    const files = { '/shop/$X.env': '' };
    const result = await loadText(`services:\n  a:\n    ${lines}\n`, { files });
    assert.ok(result.ok);
    assert.deepEqual(places(result.warnings), [wanted]);
    assert.match(result.warnings[0]?.hint ?? '', /^(?:Write \$\{|Only a shell runs that)/);
  });
}

test('what a shell or another program reads, and what is doubled, is not warned of', async () => {
  for (const lines of [
    'command: echo $HOME ~/x $(pwd)',
    'command: [sh, -c, "echo $HOME"]',
    'command: [env, A=b, bash, -lc, "echo $HOME"]',
    'command: [docker, exec, x, sh, -c, "echo $HOME"]',
    'command: [awk, "{ print $NF }"]',
    'command: [perl, -e, "print $x"]',
    'command: [jq, --arg, x, "1", "$x"]',
    'command: [echo, $$HOME, "5$", "$1"]',
    'command: x\n    ready: { log: "up$|$ready" }',
    'command: x\n    labels: { price: 5$US }',
  ]) {
    const result = await loadText(`services:\n  a:\n    ${lines}\n`);
    assert.deepEqual(result.ok && places(result.warnings), [], lines);
  }
});

test('who means a variable that the service is given is told how a shell has it', async () => {
  for (const text of [
    'services:\n  a: { command: "echo ${FOO}", env: { FOO: 1 } }\n',
    'env: { FOO: 1 }\nservices:\n  a: { command: "echo ${FOO}" }\n',
    'defaults: { env: { FOO: 1 } }\nservices:\n  a: { command: "echo ${FOO}" }\n',
  ]) {
    const [diagnostic] = await badConfig(text);
    assert.match(diagnostic?.message ?? '', /: the variable FOO is not set$/);
    assert.match(diagnostic?.hint ?? '', /In a text for the shell write \$FOO$/);
  }
  const [other] = await badConfig('services:\n  a: { command: "${FOO}", env: { BAR: 1 } }\n');
  assert.match(other?.hint ?? '', /^Set FOO in the environment/);
});
