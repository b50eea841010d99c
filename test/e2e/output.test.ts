/**
 * What services write: passed on line by line, whole and in order; and what happens when nobody takes it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';

const noisy = programPath('e2e/noisy.js');
const STAMP = 'HH:MM:SS.mmm ';
const okForEver = `services: { a: { command: [${programPath('e2e/write-for-ever.sh')}] } }`;

/** Runs orderly as a part of this shell script, where it is "$@". */
const within = (script: string) => ['sh', '-c', script, 'sh'];

suite('G7: output of services', { concurrency: 4, timeout: 20_000 }, () => {
  test('a service may open /dev/stdout and /dev/stderr, and end in the middle of a line', async (t) => {
    const config = `services: { a: { type: task, command: [${programPath('e2e/every-stream.sh')}] } }`;
    const end = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.equal(end.status, 0);
    assert.deepEqual(end.stdout.toSorted(), ['a | no end of line', 'a | to stderr', 'a | to stdout']);
  });

  test('two noisy services never tear or lose a line', async (t) => {
    const config = `
services:
  a: { type: task, command: [${noisy}, a] }
  b: { type: task, command: [${noisy}, b] }
`;
    const end = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.equal(end.status, 0);
    for (const name of ['a', 'b']) {
      const whole = `${name} | ${name.repeat(60)}`;
      assert.equal(end.stdout.filter((line) => line === whole).length, 2000);
    }
    assert.equal(end.stdout.length, 4000);
  });

  test('everything written just before a crash is there, and in front of the summary', async (t) => {
    const config = `services: { a: { command: [${programPath('e2e/last-words.js')}], restart: "no" } }`;
    const inside = within('exec "$@" 2>&1');
    const end = await runOrderly(t, { config, inside, args: ['up'] }).ended;
    assert.equal(end.status, 1);
    const lines = end.stdout.filter((line) => line.startsWith('a | '));
    assert.deepEqual(lines, [...Array.from({ length: 500 }, (_, n) => `a | line ${n}`), 'a | last words']);
    assert.ok(end.stdout.indexOf('a | last words') < end.stdout.findIndex((line) => / failed: /.test(line)));
    assert.match(end.stdout.at(-1) ?? '', /"a" failed: was killed by SIGKILL/);
  });

  test('names stand in a column, a prefix can be left out, bytes are passed on as they are', async (t) => {
    const config = `
services:
  a: { type: task, command: 'printf "\\\\033[31mred\\\\033[0m \\\\303\\\\244\\\\n"' }
  longer: { type: task, command: echo x, depends_on: [a] }
  bare: { type: task, command: echo bare, log: { prefix: false }, depends_on: [longer] }
`;
    const end = await runOrderly(t, { config, args: ['up'] }).ended;
    assert.deepEqual(end.stdout, ['a      | \u001b[31mred\u001b[0m ä', 'longer | x', 'bare']);
  });

  test('with -t each line begins with the time, ours too; a log file, the record and JSON have none', async (t) => {
    const config = `
services:
  a: { type: task, command: 'printf "漢字\\nb\\nc"', log: { file: a.log } }
  longer: { type: task, command: exit 3, depends_on: [a] }
`;
    const args = ['up', '-t', '--record', 'run.jsonl'];
    const run = runOrderly(t, { config, args, env: { TZ: 'Asia/Kathmandu' } });
    const end = await run.ended;
    assert.equal(end.status, 1);
    const shown = end.stdout.map((line) => line.slice(STAMP.length));
    assert.deepEqual(shown, ['a      | 漢字', 'a      | b', 'a      | c']);
    for (const line of end.stderr) assert.match(line, /^\d\d:\d\d:\d\d\.\d\d\d orderly: /);
    assert.ok(end.stderr.length > 2);
    assert.equal(readFileSync(join(run.folder, 'a.log'), 'utf8'), '漢字\nb\nc\n');
    const [first = ''] = readFileSync(join(run.folder, 'run.jsonl'), 'utf8').split('\n');
    const { time } = JSON.parse(first) as { readonly time: string };
    // It is 5 h 45 min later there.
    const there = new Date(Date.parse(time) + 5.75 * 3_600_000).toISOString().slice(11, 23);
    assert.ok(end.stdout[0]! >= there, `${end.stdout[0]} after ${there}`);
    const json = await runOrderly(t, { config, args: ['up', '-t', '--output', 'json'] }).ended;
    for (const line of json.stdout) assert.ok(line.startsWith('{'), line);
  });

  test('nothing is in colour without a terminal; FORCE_COLOR and NO_COLOR decide otherwise', async (t) => {
    const config = 'services: { a: { type: task, command: echo x } }';
    const plain = await runOrderly(t, { config, args: ['up'] }).ended;
    const forced = await runOrderly(t, { config, args: ['up'], env: { FORCE_COLOR: '1' } }).ended;
    const never = await runOrderly(t, { config, args: ['up'], env: { FORCE_COLOR: '1', NO_COLOR: '1' } })
      .ended;
    const coloured = [plain, forced, never].map(({ stdout, stderr }) =>
      /\u001b\[/.test(stdout.join() + stderr),
    );
    assert.deepEqual(coloured, [false, true, false]);
  });
});

suite('outputs that take nothing', { concurrency: 4, timeout: 20_000 }, () => {
  test('G5: "orderly up | head -1" ends by itself and leaves nothing', async (t) => {
    const inside = within('{ "$@"; echo "status $?" >&2; } | head -1');
    const end = await runOrderly(t, { config: okForEver, inside, args: ['up'] }).ended;
    assert.deepEqual(end.stdout, ['a | line']);
    assert.ok(end.stderr.includes('status 0'), end.stderr.join('\n'));
    assert.match(end.stderr.join('\n'), /nobody reads the output any more/);
  });

  for (const [name, redirection] of [
    ['stdout is closed', '>&-'],
    ['stdout and stderr are closed', '>&- 2>&-'],
    ['stdout is a full disk', '>/dev/full'],
    ['stdin is closed', '<&-'],
    ['stdin, stdout and stderr are closed', '<&- >&- 2>&-'],
  ] as const) {
    test(`G5 G8: it runs and stops as ever where ${name}`, async (t) => {
      const config = `
services:
  a: { command: 'echo out; echo err >&2; exec sleep 1000', ready: { log: out }, cleanup: [echo clean >&2] }
  b: { type: task, command: kill -TERM $PPID, depends_on: [a] }
`;
      const inside = within(`"$@" ${redirection} & wait $!; echo "status $?"`);
      const end = await runOrderly(t, { config, inside, args: ['up'] }).ended;
      assert.equal(end.stdout.at(-1), 'status 143', end.stderr.join('\n'));
    });
  }

  test('G7 G9: a full disk is named as the reason of what is lost', async (t) => {
    const config = `services: { a: { type: task, command: [${noisy}, a] } }`;
    const end = await runOrderly(t, { config, inside: within('exec "$@" >/dev/full'), args: ['up'] }).ended;
    assert.equal(end.status, 0);
    assert.match(end.stderr.join('\n'), /no space left on device/);
    assert.doesNotMatch(end.stderr.join('\n'), /reader of stdout is too slow/);
  });

  test('G9: a reader that stands still holds up neither the signals nor the end', async (t) => {
    const inside = within('mkfifo out && exec 3<>out && exec "$@" >out');
    // More than a pipe holds, before it is ready.
    const config = `services: { a: { command: 'seq 1 200000; touch full; exec sleep 1000', ready: { file: full } } }`;
    const run = runOrderly(t, { config, inside, args: ['up'] });
    await run.line(/a: ready/);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.deepEqual([end.status, end.signal], [143, 'SIGTERM']);
    assert.match(end.stderr.join('\n'), /lines? dropped: the reader of stdout is too slow/);
    assert.match(end.stderr.at(-1) ?? '', /SIGTERM/, 'the cause is the last line');
  });
});
