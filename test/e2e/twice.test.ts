/**
 * A project that runs already is not started again: who wants to start it joins.
 */
import assert from 'node:assert/strict';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { claimsOn } from '../support/claims-on.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const okTwice = 'services: { a: { command: exec sleep 1000 } }';

suite('a project that runs already', { concurrency: 3, timeout: 30_000 }, () => {
  test('G11 JN-1 a second up of the same file, whatever it is called there, starts nothing and joins', async (t) => {
    const run = runOrderly(t, { config: okTwice });
    await run.event('service.ready');
    const link = join(run.folder, 'other.yaml');
    symlinkSync('supervisor.yaml', link);
    for (const args of [['up'], ['up', '-f', link], ['up', '--record', 'r.jsonl']]) {
      const second = runOrderly(t, { args, cwd: run.folder });
      await second.line(new RegExp(`joined the run of this project \\(pid ${run.pid}, since `));
      second.signal('SIGINT');
      assert.equal((await second.ended).status, 130);
    }
    const command = await runOrderly(t, { args: ['run', '--', 'echo', 'here'], cwd: run.folder }).ended;
    assert.deepEqual([command.status, command.stdout], [0, ['here']]);
    for (const args of [['check'], ['graph'], ['schema']]) {
      assert.equal((await runOrderly(t, { args, cwd: run.folder }).ended).status, 0);
    }
    run.signal('SIGTERM');
    const { status, events } = await run.ended;
    assert.equal(status, 143);
    assert.equal(events.filter(({ type }) => type === 'service.starting').length, 1);
    assert.deepEqual(claimsOn(run), []);
  });

  test('G11: one that can not be asked is not joined: a sentence says who runs it, and the status is 2', async (t) => {
    const run = runOrderly(t, { config: okTwice, args: ['up', '--output', 'json', '--no-control'] });
    await run.event('service.ready');
    for (const args of [['up'], ['up', '-d'], ['run', '--', 'true'], ['run', 'a']]) {
      const { status, stdout, stderr } = await runOrderly(t, { args, cwd: run.folder }).ended;
      assert.deepEqual([status, stdout], [args[1] === 'a' ? 2 : 1, []]);
      assert.match(stderr.join('\n'), new RegExp(`\\(pid ${run.pid}`));
    }
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });

  test('G11: --project tells two runs of a file apart, and makes one of two files', async (t) => {
    const args = (name: string) => ['up', '--output', 'json', '--project', `${name} of ${process.pid}`];
    const one = runOrderly(t, { config: okTwice, args: args('a') });
    const two = runOrderly(t, { cwd: one.folder, args: args('b') });
    await one.event('service.ready');
    await two.event('service.ready');
    const other = runOrderly(t, { config: okTwice, args: args('b') });
    await other.line(new RegExp(`joined the run of this project \\(pid ${two.pid},`));
    other.signal('SIGINT');
    assert.equal((await other.ended).status, 130);
    one.signal('SIGTERM');
    two.signal('SIGTERM');
    assert.deepEqual([(await one.ended).status, (await two.ended).status], [143, 143]);
  });

  test('G11: of twenty that are started at once exactly one runs', async (t) => {
    const up = `"${process.execPath}" "${orderlyBin}" up --output json 2>>told &`;
    const config = 'services: { a: { command: "echo $ORDERLY_RUN; exec sleep 1000" } }';
    const files = { 'supervisor.yaml': config };
    const run = runOrderly(t, { files, instead: ['sh', '-c', `for i in $(seq 20); do ${up} done; wait`] });
    const first = await run.event('log');
    const told = () => readFileSync(join(run.folder, 'told'), 'utf8');
    const joined = () => told().match(/joined the run of this project/g)?.length;
    await until(() => joined() === 19);
    process.kill(Number.parseInt(first.text, 10), 'SIGTERM');
    const { events } = await run.ended;
    assert.equal(joined(), 19);
    const pids = events.flatMap((event) => (event.type === 'service.starting' ? [event.pid] : []));
    assert.equal(new Set(pids).size, 1);
    assert.deepEqual(claimsOn(run), []);
  });

  test('where no folder can be written to, a note says so and it runs', async (t) => {
    // In a mount namespace where all of them are read-only.
    const readOnly =
      'for f in /run /tmp /dev/shm; do mount --bind $f $f && mount -o remount,ro,bind $f; done; exec "$@"';
    const run = runOrderly(t, {
      config: okTwice,
      inside: ['unshare', '--mount', 'sh', '-c', readOnly, 'sh'],
      env: { XDG_RUNTIME_DIR: undefined, TMPDIR: '/tmp' },
    });
    const { text } = await run.event('run.note');
    assert.match(text, /^cannot write to .*: a second start of this project would not be noticed/);
    await run.event('service.ready');
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
  });
});
