/**
 * `orderly all`: commands side by side without a file, by the real program.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { suite, type TestContext, test } from 'node:test';
import { insideTerminal } from '../support/inside-terminal.ts';
import { type OrderlyEnd, type OrderlyRun, runOrderly } from '../support/run-orderly.ts';

const STAY = 'exec sleep 1000';
/** Ends once the other one is there. */
const after = (file: string, code: number): string =>
  `until test -e ${file}; do sleep 0.02; done; exit ${code}`;

function all(t: TestContext, ...args: readonly string[]): OrderlyRun {
  return runOrderly(t, { args: ['all', ...args] });
}

/** The lines of services, in an order that chance has no part in. */
function lines({ stdout }: OrderlyEnd): readonly string[] {
  return stdout.toSorted();
}

suite('orderly all', { concurrency: 2, timeout: 60_000 }, () => {
  test('G5 G8: Ctrl-C takes everything down, and nothing is written to the folder', async (t) => {
    const run = all(t, `echo up; ${STAY}`, `sh -c "sleep 1000 & echo up; wait"`);
    await run.line(/^sh +\| up/);
    await run.line(/^echo \| up/);
    run.signal('SIGINT');
    const end = await run.ended;
    assert.deepEqual([end.status, end.signal], [130, 'SIGINT']);
    assert.deepEqual(readdirSync(run.folder), []);
  });

  test('the others go on when one ends, and a failure makes the status 1', async (t) => {
    const end = await all(t, '-n', 'bad,good', 'touch gone; exit 3', `${after('gone', 0)}; echo`).ended;
    assert.equal(end.status, 1);
    assert.match(end.stderr.join('\n'), /good: completed/);
    assert.doesNotMatch(end.stderr.join('\n'), /stopping/);
    assert.match(end.stderr.at(-1)!, /"bad" failed: exited with code 3/);
  });

  test('-k: when one ends with 0 everything goes down, and the status is 0', async (t) => {
    const end = await all(t, '-k', `touch there; ${STAY}`, after('there', 0)).ended;
    assert.equal(end.status, 0);
    assert.match(end.stderr.join('\n'), /stopping: "until" has ended/);
  });

  for (const [options, commands, status] of [
    [['-k', '-s', 'command-test'], { server: after('go', 0), test: `touch go; ${STAY}` }, 1],
    [['-k', '-s', 'command-test'], { server: `touch go; ${STAY}`, test: after('go', 0) }, 0],
    [['-s', 'command-test'], { server: 'exit 3', test: 'exit 0' }, 0],
    [['-s', '!command-test'], { server: 'exit 0', test: 'exit 3' }, 0],
    [['-s', '!command-test'], { server: 'exit 3', test: 'exit 0' }, 1],
    [['--success', 'first'], { server: 'touch go', test: `${after('go', 3)}` }, 0],
    [['--success', 'last'], { server: 'touch go', test: `${after('go', 3)}` }, 1],
    [['--kill-others-on-fail'], { server: STAY, test: 'exit 3' }, 1],
    [['--restart-tries', '1'], { server: 'test -e go || { touch go; exit 3; }', test: 'exit 0' }, 0],
  ] as const) {
    test(`G8: ${options.join(' ')} of ${Object.values(commands).join(', ')}: ${status}`, async (t) => {
      const end = await all(t, ...options, '-n', 'server,test', ...Object.values(commands)).ended;
      assert.equal(end.status, status, end.stderr.join('\n'));
    });
  }

  test('scripts by a pattern, prefixes, and what is behind -- with -P', async (t) => {
    const scripts = { 'say-a': 'echo a', 'say-b': 'echo b', other: 'exit 3' };
    const files = { 'package.json': JSON.stringify({ scripts }) };
    const args = ['all', '-P', 'npm:say-* --silent', 'echo {@} $0', '--hide', '1', '--', 'x  y', '-k'];
    const end = await runOrderly(t, { files, args }).ended;
    assert.equal(end.status, 0, end.stderr.join('\n'));
    assert.deepEqual(lines(end), ['a    | a', 'echo | x  y -k /bin/sh']);
    const bare = await all(t, '--raw', 'echo one', 'echo two').ended;
    assert.deepEqual(lines(bare), ['one', 'two']);
    const numbered = await all(t, '-p', 'index', '-n', 'a,b', 'echo one', 'echo two').ended;
    assert.deepEqual(lines(numbered), ['0 | one', '1 | two']);
  });

  test('colours on a terminal, and none with --no-color', async (t) => {
    const shown = async (...more: readonly string[]) => {
      const args = ['all', '-c', 'red.bold', ...more, 'env'];
      const run = runOrderly(t, { args, inside: insideTerminal(), env: { TERM: 'xterm' } });
      return (await run.ended).stdout.join('\n');
    };
    assert.match(await shown(), /\x1b\[31m\x1b\[1menv \|\x1b\[22m\x1b\[39m FORCE_COLOR=1/);
    const bare = await shown('--no-color');
    assert.match(bare, /^env \| TERM=xterm/m);
    assert.doesNotMatch(bare, /FORCE_COLOR/);
  });

  test('what --print writes does the same with "orderly up"', async (t) => {
    const given = ['-k', '-s', 'command-test', '-n', 'web,test', `touch go; echo "$HOME $$" >pid; ${STAY}`];
    const command = `${after('go', 0)} | cat; echo "\${NAME:-none} {1}"`;
    const print = await all(t, '--print', ...given, command).ended;
    assert.deepEqual([print.status, print.stderr], [0, []]);
    const files = { 'printed.yaml': `${print.stdout.join('\n')}\n` };
    const up = await runOrderly(t, { files, args: ['up', '-f', 'printed.yaml'] }).ended;
    const direct = await all(t, ...given, command).ended;
    assert.deepEqual([direct.status, lines(direct)], [0, ['test | none {1}']], direct.stderr.join('\n'));
    assert.deepEqual([up.status, lines(up)], [direct.status, lines(direct)]);
  });

  test('G10: what is wrong is told at once, and nothing is started', async (t) => {
    const args = ['all', '--restart-after', 'soon', '-s', 'any', 'touch started', 'npm:nothing'];
    const run = runOrderly(t, { args, files: { 'package.json': '{}' } });
    const end = await run.ended;
    assert.deepEqual([end.status, end.stdout, readdirSync(run.folder)], [2, [], ['package.json']]);
    assert.equal(end.stderr.length, 3, end.stderr.join('\n'));
    for (const [args, told] of [
      [[], /Name the commands to run/],
      [['-g', 'a'], /has no --group: lines are printed as they come/],
      [['--timestamp-format', 'HH', 'a'], /has no --timestamp-format: .*-t begins each line with it/],
      [['--only', 'b', 'a'], /--only: /],
    ] as const) {
      const wrong = await all(t, ...args).ended;
      assert.equal(wrong.status, 2);
      assert.match(wrong.stderr.join('\n'), told);
    }
  });

  test('-t begins each line with the time, and what --print writes says that up takes it too', async (t) => {
    const end = await all(t, '-t', 'echo up').ended;
    assert.match(end.stdout.join('\n'), /^[\d:.]{12} echo \| up$/);
    const print = await all(t, '-t', '--print', 'echo up').ended;
    assert.match(print.stdout.join('\n'), /^# Give "orderly up" these as well: --timestamps$/m);
  });

  test('G11: two run at once in a folder; clients ask the only one there, or one by its name', async (t) => {
    const one = all(t, `echo up; ${STAY}`);
    await one.line(/\| up/);
    const ask = (...args: readonly string[]) => runOrderly(t, { cwd: one.folder, args }).ended;
    assert.match((await ask('ps')).stdout.join('\n'), /^echo +ready/m);
    const two = runOrderly(t, { cwd: one.folder, args: ['all', `echo up; ${STAY}`] });
    const three = runOrderly(t, {
      cwd: one.folder,
      args: ['all', '--project', `third of ${process.pid}`, `echo up; ${STAY}`],
    });
    await two.line(/\| up/);
    await three.line(/\| up/);
    const several = await ask('ps');
    assert.equal(several.status, 2);
    assert.match(several.stderr.join('\n'), new RegExp(`2 runs of "orderly all" .*${one.pid}.*${two.pid}`));
    assert.equal((await ask('down', '--project', `third of ${process.pid}`)).status, 0);
    assert.equal((await three.ended).status, 0);
    one.signal('SIGTERM');
    assert.equal((await one.ended).status, 143);
    assert.equal((await ask('down')).status, 0);
    assert.equal((await two.ended).status, 0);
  });
});
