/**
 * Log files of the real program: beside what is printed, in place of it, and where they can't be written.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { runOrderly } from '../support/run-orderly.ts';

const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join('');

suite('log files', { concurrency: 3, timeout: 30_000 }, () => {
  test('G7: a service has its lines in its file, as they are, and printed with its name; both streams, and clean-ups', async (t) => {
    const config = `
services:
  a: { type: task, command: 'echo out; echo err >&2; printf end', cleanup: [echo clean], log: { file: logs/of/a.log } }
  b: { type: task, command: echo b, depends_on: [a] }
`;
    const run = runOrderly(t, { config, args: ['up'] });
    const end = await run.ended;
    assert.deepEqual(end.stdout.toSorted(), ['a | clean', 'a | end', 'a | err', 'a | out', 'b | b']);
    const lines = readFileSync(join(run.folder, 'logs/of/a.log'), 'utf8').split('\n');
    assert.deepEqual(lines.toSorted(), ['', 'clean', 'end', 'err', 'out']);
  });

  test('G7: what a stop command or a clean-up writes is never mixed into a line of the service', async (t) => {
    const config = `
services:
  a:
    command: 'trap "echo rest; exit" TERM; echo $$$$ > pid; printf half; touch ready; while :; do sleep 0.05; done'
    stop: { command: 'echo stopping; kill -TERM "$(cat pid)"' }
    cleanup: [printf clean]
    log: { file: a.log }
    ready: { exec: 'test -e ready' }
`;
    const run = runOrderly(t, { config, args: ['up'] });
    await run.line(/a: ready/);
    run.signal('SIGTERM');
    const end = await run.ended;
    const lines = ['a | clean', 'a | halfrest', 'a | stopping'];
    assert.deepEqual(end.stdout.toSorted(), lines, end.stderr.join('\n'));
    const written = readFileSync(join(run.folder, 'a.log'), 'utf8').trimEnd().split('\n');
    assert.deepEqual(written.map((line) => `a | ${line}`).toSorted(), lines);
  });

  test('G7: rotated files make the whole output, each of them of whole lines', async (t) => {
    const config = `services: { a: { type: task, command: seq 1 20000, log: { file: a.log, max_size: 10KB, keep: 20 } } }`;
    const run = runOrderly(t, { config, args: ['up'] });
    assert.equal((await run.ended).status, 0);
    const names = readdirSync(run.folder).filter((name) => name.startsWith('a.log'));
    assert.equal(names.length, 11);
    const byAge = ['a.log', ...Array.from({ length: 10 }, (_, n) => `a.log.${n + 1}`)].toReversed();
    const texts = byAge.map((name) => readFileSync(join(run.folder, name), 'utf8'));
    assert.ok(texts.every((text) => text.endsWith('\n') && text.length <= 10_000));
    assert.ok(texts.join('') === numbers(1, 20_000));
  });

  test('G7: lines go to a new file soon after logrotate has moved the old one', async (t) => {
    const config = `services: { a: { command: 'while :; do echo line; sleep 0.05; done', log: { file: a.log } } }`;
    const run = runOrderly(t, { config, args: ['up'] });
    await run.line(/^a \| line/);
    renameSync(join(run.folder, 'a.log'), join(run.folder, 'moved'));
    while (!readdirSync(run.folder).includes('a.log'))
      await new Promise((resolve) => setTimeout(resolve, 50));
    run.signal('SIGTERM');
    const printed = (await run.ended).stdout.filter((line) => line === 'a | line').length;
    const written = ['moved', 'a.log'].map((name) => readFileSync(join(run.folder, name), 'utf8')).join('');
    assert.equal(written, 'line\n'.repeat(printed));
  });

  test('with "direct" the service writes itself: nothing is printed, and a failure shows its last lines', async (t) => {
    const config = `
services:
  a:
    command: 'echo "run $ORDERLY_ATTEMPT" > /dev/stderr; readlink /proc/self/fd/1; sleep 0.05; exit 3'
    restart: { max: 1, delay: 0s }
    log: { file: a.log, direct: true, max_size: 5B, keep: 2 }
`;
    const run = runOrderly(t, { config, args: ['up'], files: { 'a.log': 'from before\n' } });
    const end = await run.ended;
    assert.deepEqual([end.status, end.stdout], [1, []]);
    const texts = ['a.log.2', 'a.log.1', 'a.log'].map((name) => readFileSync(join(run.folder, name), 'utf8'));
    const log = join(run.folder, 'a.log');
    assert.deepEqual(
      texts.map((text) => text.split('\n').slice(0, -1)),
      [['from before'], ['run 1', log], ['run 2', log]],
    );
    const shown = end.stderr.join('\n');
    assert.match(shown, / output {2}\| run 2\norderly: {11}\| .*a\.log\n/);
    assert.doesNotMatch(shown, /run 1/);
  });

  test('G10: a file that cannot be opened is told with its place, all of them at once, and nothing is started', async (t) => {
    const config = `services:
  a: { command: touch started, log: { file: folder } }
  b: { command: touch started, log: { file: supervisor.yaml/b.log, direct: true } }
  c: { command: touch started }
`;
    const run = runOrderly(t, { config, args: ['up'], files: { 'folder/x': '' } });
    const end = await run.ended;
    assert.equal(end.status, 2);
    const told = end.stderr.filter((line) => /Cannot log/.test(line));
    assert.deepEqual(
      told.map((line) => line.slice(0, 39)),
      ['supervisor.yaml:2:45: Cannot log "a" to', 'supervisor.yaml:3:45: Cannot log "b" to'],
    );
    assert.ok(!readdirSync(run.folder).includes('started'));
  });

  test('G10: what can not be written is told together with the rest, by check too, and no command is run before', async (t) => {
    const config = `services:
  a: { command: touch started, log: { file: folder } }
  b: { command: touch started, log: { file: supervisor.yaml/b.log }, env_from: { command: touch started } }
  c: { command: touch started, user: nobody-by-this-name }
`;
    const files = { 'folder/x': '' };
    for (const args of [['up', '--record', 'folder/x/record'], ['check']]) {
      const run = runOrderly(t, { config, args, files });
      const end = await run.ended;
      assert.equal(end.status, 2);
      const told = end.stderr.flatMap(
        (line) => /^supervisor\.yaml:(\d+):\d+: (?:error: )?(\S+ \S+)/.exec(line) ?? [],
      );
      assert.ok(
        ['2', '3', '4'].every((line) => told.includes(line)),
        end.stderr.join('\n'),
      );
      if (args[0] === 'up') assert.match(end.stderr.join('\n'), /Cannot record to .*folder\/x/);
      assert.ok(!readdirSync(run.folder).includes('started'));
    }
  });

  test('G7 G9: a disk that is full costs lines of the file alone: told once, counted, and written again when there is room', async (t) => {
    const config = `
services:
  a: { command: 'seq 1 40000; while [ ! -e go ]; do sleep 0.02; done; echo again; exec sleep 1000', log: { file: disk/a.log, max_size: none } }
`;
    const run = runOrderly(t, {
      config,
      files: { 'disk/.keep': '' },
      inside: ['sh', '-c', waitForDisk, 'sh'],
    });
    const disk = join(run.folder, 'disk');
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'none', disk]);
    if (mounted.status !== 0) return t.skip('needs the right to mount');
    try {
      writeFileSync(join(disk, 'filler'), Buffer.alloc(64 * 1024));
      writeFileSync(join(run.folder, 'mounted'), '');
      await run.event(
        (event) =>
          event.type === 'run.note' && /a\.log" of "a" cannot be written to: ENOSPC/.test(event.text),
      );
      rmSync(join(disk, 'filler'));
      writeFileSync(join(run.folder, 'go'), '');
      await run.event('log', { text: 'again' });
      const dropped = await run.event('output.dropped', { service: 'a', file: join(disk, 'a.log') });
      assert.match(dropped.cause ?? '', /ENOSPC/);
      run.signal('SIGTERM');
      const end = await run.ended;
      assert.equal(end.events.filter(({ type }) => type === 'run.note').length, 1);
      assert.equal(end.events.filter(({ type }) => type === 'log').length, 40_001, 'all of them are printed');
      const lines = readFileSync(join(disk, 'a.log'), 'utf8').split('\n');
      assert.equal(lines.at(-2), 'again');
    } finally {
      spawnSync('umount', ['-l', disk]);
    }
  });
});

/** The test has to mount the disk first. */
const waitForDisk = 'while [ ! -e mounted ]; do sleep 0.02; done; exec "$@"';
