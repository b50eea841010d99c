/**
 * A project that runs already is not started again.
 */
import assert from 'node:assert/strict';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { claimsOn } from '../support/claims-on.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const refused = /this project is (?:running|being started) already/;

const okTwice = 'services: { a: { command: exec sleep 1000 } }';

suite('a project that runs already', { concurrency: 3, timeout: 30_000 }, () => {
  test('G11: a second up starts nothing, says who runs it, and ends with status 2', async (t) => {
    const run = runOrderly(t, { config: okTwice });
    await run.event('service.ready');
    const link = join(run.folder, 'other.yaml');
    symlinkSync('supervisor.yaml', link);
    for (const args of [['up'], ['up', '-f', link], ['run', '--', 'true'], ['up', '--record', 'r.jsonl']]) {
      const second = runOrderly(t, { args, cwd: run.folder });
      const { status, stdout, stderr } = await second.ended;
      assert.deepEqual([status, stdout], [2, []]);
      const said = `^orderly: Cannot start: this project is running already \\(pid ${run.pid}, since .*supervisor.yaml"\\); stop`;
      assert.match(stderr.join('\n'), new RegExp(said));
    }
    for (const args of [['check'], ['graph'], ['schema']]) {
      assert.equal((await runOrderly(t, { args, cwd: run.folder }).ended).status, 0);
    }
    run.signal('SIGTERM');
    assert.equal((await run.ended).status, 143);
    assert.deepEqual(claimsOn(run), []);
  });

  test('G11: --project tells two runs of a file apart, and makes one of two files', async (t) => {
    const args = (name: string) => ['up', '--output', 'json', '--project', `${name} of ${process.pid}`];
    const one = runOrderly(t, { config: okTwice, args: args('a') });
    const two = runOrderly(t, { cwd: one.folder, args: args('b') });
    await one.event('service.ready');
    await two.event('service.ready');
    const other = await runOrderly(t, { config: okTwice, args: args('b') }).ended;
    assert.equal(other.status, 2);
    assert.match(other.stderr[0] ?? '', new RegExp(`running already \\(pid ${two.pid},`));
    one.signal('SIGTERM');
    two.signal('SIGTERM');
    assert.deepEqual([(await one.ended).status, (await two.ended).status], [143, 143]);
  });

  test('G11: of twenty that are started at once exactly one runs', async (t) => {
    const twenty = `for i in $(seq 20); do "${process.execPath}" "${orderlyBin}" up --output json & done; wait`;
    const config = 'services: { a: { command: "echo $ORDERLY_RUN; exec sleep 1000" } }';
    const run = runOrderly(t, { config, instead: ['sh', '-c', twenty] });
    const first = await run.event('log');
    // Each that is refused ends; the shell that started them waits for the one that isn't.
    await until(() => childrenOf(run.pid).length === 1);
    process.kill(Number.parseInt(first.text, 10), 'SIGTERM');
    const { events, stderr } = await run.ended;
    assert.equal(stderr.filter((line) => refused.test(line)).length, 19);
    assert.equal(events.filter(({ type }) => type === 'service.starting').length, 1);
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

function childrenOf(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean);
}
