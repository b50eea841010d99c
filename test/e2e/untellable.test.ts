/**
 * What orderly says can't be written: services run on and are stopped in order, and the status is what it would have been.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cleanEnvironment } from '../support/clean-environment.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { noNamespaces } from '../support/privileges.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const CONFIG = `
services:
  db: { command: "touch up; echo hello; exec sleep 60", ready: { file: up }, cleanup: [ { run: "touch cleaned" } ] }
  flaky: { command: "sleep 0.2; exit 3", depends_on: [db], on_failure: isolate, restart: "no" }
`;

const redirected = (to: string) => ['sh', '-c', `exec "$@" ${to}`, 'sh'];

for (const [name, to] of [
  ['stderr is a full disk', '2>/dev/full'],
  ['stderr is closed', '2>&-'],
  ['stderr can only be read', '2</dev/null'],
  ['stderr is a folder', '2</'],
  ['stdout is closed', '>&-'],
  ['stdout can only be read', '1</dev/null'],
  ['all is closed', '<&- >&- 2>&-'],
  ['all is a full disk', '>/dev/full 2>&1'],
  ['files may not grow', '>out 2>err'],
] as const)
  test(`trouble in telling, ${name}: services run on, clean-ups run, and the status is that of the signal`, async (t) => {
    const limit = name === 'files may not grow' ? 'ulimit -f 0; ' : '';
    const run = runOrderly(t, {
      config: CONFIG,
      args: ['up'],
      inside: ['sh', '-c', `${limit}exec "$@" ${to}`, 'sh'],
    });
    await until(() => existsSync(join(run.folder, 'up')));
    run.signal('SIGTERM');
    const { status } = await run.ended;
    assert.ok(existsSync(join(run.folder, 'cleaned')));
    assert.equal(status, 143);
  });

test('trouble in telling, the record is a full disk: it is told, and the run goes on', async (t) => {
  const run = runOrderly(t, { config: CONFIG, args: ['up', '--record', '/dev/full'] });
  await run.line(/Cannot record to "\/dev\/full": ENOSPC.*the record ends here/);
  await run.line(/flaky.*failed/);
  run.signal('SIGTERM');
  assert.equal((await run.ended).status, 1);
});

test('trouble in telling, stderr is full in JSON: stdout tells it', async (t) => {
  const run = runOrderly(t, {
    config: 'services: { a: { command: "true", type: task } }',
    inside: redirected('2>/dev/full'),
  });
  assert.equal((await run.ended).status, 0);
});

for (const [args, status] of [
  [['check'], 0],
  [['graph'], 0],
  [['--help'], 0],
  [['doctor'], 0],
  [['up', '--nonsense'], 2],
  [['nonsense'], 2],
  [['up', 'nobody'], 2],
  [['check', '-f', 'missing.yaml'], 2],
] as const)
  for (const to of ['>/dev/full 2>/dev/full', '>&- 2>&-', '1</dev/null 2</dev/null'])
    test(`trouble in telling, orderly ${args.join(' ')} ${to}: the status is the same`, (t) => {
      const cwd = folderWith(t, CONFIG);
      const [shell = '', ...words] = redirected(to);
      const options = { cwd, env: cleanEnvironment() };
      const { status: got } = spawnSync(shell, [...words, process.execPath, orderlyBin, ...args], options);
      assert.equal(got, status);
    });

test('trouble in telling, stdout of check is full: stderr says so', (t) => {
  const cwd = folderWith(t, CONFIG);
  const [shell = '', ...words] = redirected('>/dev/full');
  const options = { cwd, env: cleanEnvironment(), encoding: 'utf8' } as const;
  const { stderr } = spawnSync(shell, [...words, process.execPath, orderlyBin, 'check'], options);
  assert.match(stderr, /orderly: Cannot write to stdout: ENOSPC/);
});

test('trouble in telling, a disk that fills and is emptied again: what was lost is counted and told', {
  skip: noNamespaces,
}, async (t) => {
  const cwd = folderWith(
    t,
    'services: { a: { command: "echo >>runs; exit 1", restart: { max: 0, delay: 20ms, factor: 1 } } }',
  );
  const disk = mkdtempSync(join(tmpdir(), 'orderly-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
  t.after(() => {
    spawnSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true });
  });
  const path = join(disk, 'err');
  const err = openSync(path, 'a');
  const child = spawn(process.execPath, [orderlyBin, 'up'], {
    cwd,
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', err],
  });
  closeSync(err);
  t.after(() => child.kill('SIGTERM'));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
  const holds = (pattern: RegExp, from = 0) =>
    until(() => pattern.test(readFileSync(path, 'utf8').slice(from)));
  await holds(/restart/);
  // Fails with ENOSPC once there is no room but in the page that the file has already.
  spawnSync('dd', ['if=/dev/zero', `of=${disk}/fill`, 'bs=1k']);
  const size = await until(() => statSync(path).size % 4096 === 0 && statSync(path).size);
  const runs = (): number => statSync(join(cwd, 'runs')).size;
  const lost = runs();
  await until(() => runs() > lost + 1);
  rmSync(join(disk, 'fill'));
  await holds(/\d+ lines? of stderr dropped: ENOSPC/, size);
  child.kill('SIGTERM');
  assert.equal(await ended, 'SIGTERM');
});

test('trouble in telling, stdout is a socket that is reset: it is as if its reader had gone', async (t) => {
  const cwd = folderWith(
    t,
    'services: { a: { command: "while echo x; do sleep 0.01; done", cleanup: [ touch cleaned ] } }',
  );
  const server = createServer((socket) => socket.once('data', () => socket.resetAndDestroy()));
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const script = 'exec 1<>/dev/tcp/127.0.0.1/$0; exec "$@"';
  const child = spawn('bash', ['-c', script, String(port), process.execPath, orderlyBin, 'up'], {
    cwd,
    env: cleanEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const status = await new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  assert.equal(status, 0);
  assert.ok(existsSync(join(cwd, 'cleaned')));
});

function folderWith(t: TestContext, config: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'orderly-untellable-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'supervisor.yaml'), config);
  return folder;
}
