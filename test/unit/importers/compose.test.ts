/** Compose files: what they mean is what is written, and what is lost is told at its line. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configOf, fixture, imported, lossesOf, servicesOf } from './lab.ts';

const compose = (services: string): string => `services:\n${services}`;

test('a web shop, half of it in containers', async () => {
  const { config } = await fixture('compose/shop.yaml', { format: 'compose' });
  const [db, cache, mail, migrate, api, web] = config.services;
  // Nobody is started again who wasn't.
  assert.deepEqual(
    [db, cache, mail, migrate].map((one) => one?.restart.policy),
    Array(4).fill('no'),
  );
  assert.deepEqual([api?.restart.policy, api?.restart.max], ['always', 0]);
  assert.deepEqual([web?.restart.policy, web?.restart.max], ['on-failure', 3]);
  // `interval` is for what is ready, and start_interval for what isn't.
  assert.deepEqual([db?.ready?.intervalMs, db?.health?.intervalMs], [2_000, 10_000]);
  assert.equal(api?.ready?.intervalMs, undefined);
  assert.equal(migrate?.type, 'task');
  assert.deepEqual(
    api?.dependsOn.map(({ service, condition }) => [service, condition]),
    [
      ['migrate', 'completed'],
      ['cache', 'started'],
    ],
  );
});

test('words of version 2, run by this machine', async () => {
  const { config } = await fixture('compose/workers.yml', { format: 'compose' });
  assert.deepEqual(
    config.services.map(({ name, type }) => [name, type]),
    [
      ['queue', 'service'],
      ['seed', 'task'],
      ['worker', 'service'],
    ],
  );
});

test('an image without a program of this machine is never left out, and never guessed', async () => {
  for (const [about, isDocker] of [
    ['image: postgres', true],
    ['image: postgres\n    command: -c max_connections=9', true],
    ['image: minio/minio\n    command: server /data', true],
    ['image: minio/minio\n    command: server /data\n    volumes: ["./data:/data"]', true],
    ['image: a\n    command: ./run.sh\n    working_dir: /srv/web\n    volumes: ["./web:/srv/web"]', false],
    ['build: .', true],
    ['image: redis\n    command: redis-server', false],
    ['image: ghcr.io/a/b:1\n    command: node server.js', false],
    ['image: a\n    command: ./run.sh\n    volumes: [".:/app"]', false],
    ['build: .\n    command: ./run.sh', false],
  ] as const) {
    const good = await imported('compose.yaml', compose(`  a:\n    ${about}\n`));
    const [a] = (await configOf(good)).services;
    const argv = a?.command.kind === 'exec' ? a.command.argv.join(' ') : '';
    assert.equal(argv.startsWith('docker compose up'), isDocker, about);
    assert.equal(
      good.losses.some(({ message }) => message.includes('docker runs')),
      isDocker,
      about,
    );
    assert.ok(good.losses.length > 0, about);
  }
});

test('a host of the network becomes this machine where it surely is one, and is told where it may be', async () => {
  const env = async (value: string, key = 'X', db = 'image: postgres\n    ports: ["6000:5432"]') => {
    const text = compose(
      `  db:\n    ${db}\n  a:\n    build: .\n    command: ./a\n    environment:\n      ${key}: ${JSON.stringify(value)}\n`,
    );
    const good = await imported('compose.yaml', text);
    const a = (await configOf(good)).services[1];
    const doubts = good.losses.filter(({ message }) => message.startsWith(`"${key}"`));
    return [a?.env[key], doubts.length];
  };
  assert.deepEqual(await env('postgres://u:p@db:5432/x'), ['postgres://u:p@127.0.0.1:6000/x', 0]);
  assert.deepEqual(await env('db:5432'), ['127.0.0.1:6000', 0]);
  assert.deepEqual(await env('db', 'DB_HOST'), ['127.0.0.1', 1]);
  assert.deepEqual(await env('db', 'X'), ['db', 1]);
  assert.deepEqual(await env('postgres://db.example.org:5432/db'), ['postgres://db.example.org:5432/db', 0]);
  assert.deepEqual(await env('mydb:5432 db-x /db/'), ['mydb:5432 db-x /db/', 0]);
  const here = 'build: .\n    command: ./db';
  assert.deepEqual(await env('http://db:5432', 'X', here), ['http://127.0.0.1:5432', 0]);
  assert.deepEqual(await env('db', 'DB_HOST', here), ['127.0.0.1', 0]);
  // A port of a container that nobody published can't be reached.
  assert.deepEqual((await env('db:5432', 'X', 'image: postgres'))[1], 1);
});

test('variables are filled in as compose does: an unset one is nothing, $$ a dollar', async () => {
  const text = compose(
    "  a:\n    build: .\n    command: [sh, -c, 'echo $$A $B ${C} ${D:-${E}}']\n    environment: { X: '$B ${C}$$', Y: '${D:-e}' }\n",
  );
  const { a } = await servicesOf('compose.yaml', text, { env: { B: 'b' } });
  assert.deepEqual(a?.command, { kind: 'exec', argv: ['sh', '-c', 'echo $A b  '] });
  assert.deepEqual([a?.env.X, a?.env.Y], ['b $', 'e']);
});

test('what others wait for and is not there, what is extended, and what is no service', async () => {
  const text = compose(
    '  base:\n    build: .\n    command: ./base\n    environment: [A=1, B=2]\n    depends_on: [gone]\n' +
      '  own:\n    extends: { service: base }\n    environment: { B: 3 }\n  far:\n    extends: { file: x.yaml, service: y }\n    command: ./far\n  none: 5\n' +
      '  circle:\n    extends: circle\n    command: ./c\n  "a b":\n    command: ./ab\n',
  );
  const good = await imported('compose.yaml', text);
  const { services } = await configOf(good);
  assert.deepEqual(
    services.map(({ name }) => name),
    ['base', 'own', 'far', 'circle', 'a-b'],
  );
  assert.deepEqual([services[1]?.env.A, services[1]?.env.B], ['1', '3']);
  const told = lossesOf(good).join('\n');
  for (const part of [
    '6 "base" needs "gone"',
    '11 "extends" of "far"',
    '13 "none" is left out',
    '15 "extends" of "circle"',
    '17 "a b" is called "a-b"',
  ])
    assert.ok(told.includes(part), `${part}\n${told}`);
});

test('a file in another folder: everything stays where it was', async () => {
  const text = compose(
    '  a:\n    build: ./app\n    command: ./a\n    env_file: [a.env, /etc/b.env]\n  db:\n    image: postgres\n',
  );
  const files = { '/shop/deploy/a.env': '', '/etc/b.env': '' };
  const { a, db } = await servicesOf('compose.yaml', text, { folder: 'deploy', files });
  assert.deepEqual([a?.cwd, db?.cwd], ['/shop/deploy/app', '/shop/deploy']);
});

test('no value of a variable is told with a loss', async () => {
  const text = compose(
    '  db: { image: postgres }\n  a:\n    build: .\n    command: ./a\n    environment:\n      - URL=postgres://u:geheim@db:5432\n',
  );
  const { losses } = await imported('compose.yaml', text);
  assert.ok(losses.some(({ message, place }) => message.startsWith('"URL" of "a"') && place?.line === 7));
  assert.doesNotMatch(JSON.stringify(losses), /geheim/);
});
