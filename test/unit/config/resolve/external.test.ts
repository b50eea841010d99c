/**
 * What runs before an instance, and services that somebody else runs: what is written, what it becomes, and what can't be so.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differenceOf } from '../../../../src/engine/requests/difference.ts';
import { badConfig, goodConfig, places } from '../load.ts';

const shell = (script: string) => ({ kind: 'shell', script });
const services = (text: string): string => `services:\n${text}`;

test('before is one command or several, a list as it is, with values of others', async () => {
  const { services: all } = await goodConfig(
    services(`  db: { command: x, ready: { log: 'on (?<port>.*)' } }
  one: { command: x, before: make }
  two: { command: x, before: [make, [./load, "--port", "\${db.port}"]], depends_on: [db] }
  none: { command: x, before: [] }
`),
  );
  const [, one, two, none] = all;
  assert.deepEqual(one?.before, [shell('make')]);
  assert.deepEqual(two?.before, [
    shell('make'),
    { kind: 'exec', argv: ['./load', '--port', [{ service: 'db', value: 'port' }]] },
  ]);
  assert.ok(none !== undefined && !('before' in none));
});

test('before that is wrong is told with its place', async () => {
  const diagnostics = await badConfig(
    services(`  a: { command: x, before: [rm, -f, x] }
  b: { command: x, before: [''] }
  c: { command: x, before: { run: x } }
  d: { command: x, before: ["echo \${nobody.x}"] }
`),
  );
  assert.deepEqual(
    places(diagnostics).map((place) => place.split(':')[0]),
    ['2', '3', '4', '5'],
  );
  assert.match(diagnostics[0]!.message, /must be a list of commands, but looks like the words of one/);
});

test('another before holds from the next instance on: none is replaced for it', async () => {
  const [before, after] = await Promise.all(
    ['make', 'make all'].map((script) =>
      goodConfig(services(`  a: { command: x, before: ${script} }`)).then((config) => config.services[0]!),
    ),
  );
  assert.deepEqual(differenceOf(before!, after!), { keys: ['before'], class: 'in-place' });
});

test('what is external has nothing of ours but what brings it up and takes it down, and anybody may accept', async () => {
  const { services: all } = await goodConfig(
    services(`  db:
    type: external
    before: make
    up: docker compose up -d db
    down: [docker, compose, stop, db]
    cleanup: rm x
    stop: { grace: 7s }
    ready: { all: [{ tcp: 5432 }, { unix: /run/db.sock }] }
    health: { http: "http://127.0.0.1:80/" }
  seen: { type: external, ready: { file: x } }
  api: { command: x, depends_on: [db] }
`),
  );
  const [db, seen, api] = all;
  assert.deepEqual([db?.type, db?.command], ['service', { kind: 'external' }]);
  assert.deepEqual(db?.before, [shell('make'), shell('docker compose up -d db')]);
  assert.deepEqual(
    db?.cleanup.map(({ run, timeoutMs }) => [run, timeoutMs]),
    [
      [{ kind: 'exec', argv: ['docker', 'compose', 'stop', 'db'] }, 7000],
      [shell('rm x'), 5000],
    ],
  );
  assert.ok(db.ready?.kind === 'all');
  assert.deepEqual(
    db.ready.of.map((part) => 'owner' in part && part.owner),
    ['any', 'any'],
  );
  assert.ok(db.health?.condition.kind === 'http' && db.health.condition.owner === 'any');
  assert.deepEqual([seen?.before, seen?.cleanup], [undefined, []]);
  assert.equal(api?.dependsOn[0]?.condition, 'ready');
});

test('what only a process of ours can have is refused of what is external, and the other way round', async () => {
  const diagnostics = await badConfig(
    services(`  a: { type: external, command: x }
  b: { type: external, ready: { log: x } }
  c: { type: external, ready: { any: [{ notify: fd }, { tcp: 1 }] } }
  d: { type: external, terminal: true }
  e: { type: external, nice: 3 }
  f: { command: x, up: y }
  g: { command: x, down: y }
  h: { type: external, watchdog: 3s, ready: { tcp: 1 } }
`),
  );
  const lines = places(diagnostics).map((place) => Number(place.split(':')[0]));
  assert.deepEqual([...new Set(lines)], [2, 3, 4, 5, 6, 7, 8, 9]);
  assert.match(diagnostics[0]!.message, /external, so no process of it is ours: it has no "command"/);
  assert.match(diagnostics.find(({ message }) => message.startsWith('"down"'))!.hint!, /"cleanup"/);
});

test('words of others for it are answered with ours', async () => {
  const diagnostics = await badConfig(
    services(`  a: { command: x, is_daemon: true }
  b: { command: x, ExecStartPre: y }
  c: { command: x, pre_start: y }
`),
  );
  assert.deepEqual(
    diagnostics.map(({ hint }) => hint?.split('.')[0]),
    ['Write type: external', 'Write before: [', 'Write before: ['],
  );
});
