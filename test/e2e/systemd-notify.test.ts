/**
 * `notify: systemd` with programs as they are installed: what tells systemd that it is ready tells orderly.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { needs, postgresFolders } from '../support/needs.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { programPath } from '../support/programs.ts';
import { type OrderlyEnd, runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';

const notify = programPath('notify.pl');
const ready = 'ready: { notify: systemd }';
const isRoot = process.getuid?.() === 0;

const notes = ({ events }: Pick<OrderlyEnd, 'events'>) =>
  events.flatMap((event) => (event.type === 'service.note' ? [event.text] : []));

suite('G1: what tells systemd that it is ready tells orderly', { concurrency: 2, timeout: 60_000 }, () => {
  test('systemd-notify, from a script', { skip: needs('systemd-notify') }, async (t) => {
    const script = 'echo "at $NOTIFY_SOCKET"; systemd-notify --ready --status=up; echo told; exec sleep 1000';
    const config = `
services:
  a: { command: ${JSON.stringify(script)}, ${ready} }
  b: { command: exec sleep 1000, depends_on: [a] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'b' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assertOrder(story(end.events), 'a starting', 'a ready', 'b starting');
    assert.deepEqual(notes(end), []);
    const at = end.events.find((event) => event.type === 'log' && event.text.startsWith('at '));
    const path = at?.type === 'log' ? at.text.slice(3) : '';
    assert.ok(path.startsWith('/') && !existsSync(dirname(path)), 'nothing of the socket is left');
  });

  test('Redis, which also says when it goes down by itself', { skip: needs('redis-server') }, async (t) => {
    const config = `
services:
  cache:
    command: [redis-server, --supervised, systemd, --port, "0", --unixsocket, cache.sock, --save, ""]
    ${ready}
    restart: on-failure
  api: { command: exec sleep 1000, depends_on: [cache] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'api' });
    const asked = runOrderly(t, { config });
    await asked.event('service.ready', { service: 'api' });
    spawnSync('redis-cli', ['-s', join(run.folder, 'cache.sock'), 'shutdown', 'nosave']);
    await run.event('service.completed', { service: 'cache' });
    run.signal('SIGTERM');
    assert.deepEqual(notes(await run.ended), ['says that it is stopping']);
    asked.signal('SIGTERM');
    const end = await asked.ended;
    assert.equal(end.status, 143);
    assert.deepEqual(notes(end), []);
  });

  test('PostgreSQL, as another user', { skip: needs('postgres', 'setpriv') || !isRoot }, async (t) => {
    const bin = postgresFolders().at(-1)!;
    const data = postgresFolder(t);
    const as = ['setpriv', '--reuid', 'postgres', '--regid', 'postgres', '--init-groups', '--'];
    const made = spawnSync(as[0]!, [...as.slice(1), `${bin}/initdb`, '-D', `${data}/db`], { cwd: '/' });
    assert.equal(made.status, 0, String(made.stderr));
    const command = [...as, `${bin}/postgres`, '-D', `${data}/db`, '-k', data, '-c', 'listen_addresses='];
    const config = `
services:
  db: { command: ${JSON.stringify(command)}, cwd: /, ${ready}, stop: { signal: SIGINT, target: main } }
  api: { command: '${bin}/pg_isready -h ${data}', type: task, depends_on: [db] }
`;
    const run = runOrderly(t, { config });
    await run.event('service.completed', { service: 'api' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.deepEqual(notes(end), []);
  });

  test('a daemon that leaves its first process behind lives on, and is asked to end', async (t) => {
    // Four dollars are two for the shell, which takes them for its pid.
    const script = `setsid sh -c 'exec ${notify} "MAINPID=$$$$" "X_PORT=1" "READY=1"' & while ! test -e go; do sleep 0.01; done; echo left`;
    const config = `
services:
  d: { command: ${JSON.stringify(script)}, ${ready} }
  e: { command: 'touch go; exec sleep 1000', env: { PORT: "\${d.port}" }, depends_on: [d] }
`;
    const run = runOrderly(t, { config });
    await run.line(/"text":"left"/);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assertOrder(story(end.events), 'd says left', 'd stopping', 'd says got TERM', 'd exited', 'd stopped');
  });
});

suite('without koffi', { concurrency: 2, timeout: 20_000 }, () => {
  const config = `
services:
  a: { command: touch started }
  b: { command: exec sleep 1000, ready: { all: [{ delay: 1ms }, { notify: systemd }] } }
`;
  for (const command of ['up', 'check', 'run']) {
    test(`G10 ${command} says what is missing, where it is needed and what to do, and starts nothing`, async (t) => {
      const bin = withoutPackages(t);
      const args = command === 'run' ? ['run', '--', 'true'] : [command];
      const run = runOrderly(t, { config, instead: [process.execPath, bin, ...args] });
      const { status, stderr } = await run.ended;
      assert.equal(status, 2);
      assert.match(
        stderr[0] ?? '',
        /^supervisor\.yaml:4:\d+: "notify: systemd" of service "b" is not possible here: the package "koffi" is not installed$/,
      );
      assert.match(stderr.join('\n'), /Run "npm install koffi"/);
      assert.ok(!existsSync(join(run.folder, 'started')));
    });
  }

  test('who does not need it does not miss it', async (t) => {
    const bin = withoutPackages(t);
    const run = runOrderly(t, { config, instead: [process.execPath, bin, 'up', 'a'] });
    assert.equal((await run.ended).status, 0);
  });
});

/** The program alone, in a folder that has no packages above it. */
function withoutPackages(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-bare-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const installed = dirname(dirname(orderlyBin));
  for (const part of ['bin', 'dist']) cpSync(join(installed, part), join(folder, part), { recursive: true });
  return join(folder, 'bin/orderly.js');
}

/** initdb itself makes the folder of the database in it. */
function postgresFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-pg-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  spawnSync('chown', ['postgres', folder]);
  return folder;
}
