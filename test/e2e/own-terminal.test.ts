/**
 * `terminal: true`: a service that has a terminal of its own, on a terminal and without.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { CTRL_C, insideTerminal, press } from '../support/inside-terminal.ts';
import { findMarked } from '../support/marked-processes.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { asPidOne, noNamespaces } from '../support/privileges.ts';
import { render } from '../support/render.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { story } from '../support/story.ts';
import { until } from '../support/until.ts';

const isTerminal = 'test -t 0 && test -t 1 && test -t 2 && echo "a terminal of $(stty size)"';
const told = 'echo "told $FORCE_COLOR,$COLUMNS,$TERM"';

suite('a terminal of its own', { concurrency: 3, timeout: 30_000 }, () => {
  test('without a terminal of ours it is 80 by 24; its lines come as they were written', async (t) => {
    const config = `
services:
  app: { type: task, terminal: true, command: '${isTerminal}; ${told}; echo error >&2; printf last' }
  other: { type: task, command: 'test -t 1 || echo none' }
`;
    const end = await runOrderly(t, { config, env: { TERM: '' } }).ended;
    assert.equal(end.status, 0);
    const said = end.events.flatMap((event) => (event.type === 'log' ? [event.text] : []));
    assert.deepEqual(
      said.filter((line) => line !== 'none'),
      ['a terminal of 24 80', 'told ,,', 'error', 'last'],
    );
    assert.ok(said.includes('none'));
  });

  test('TERM is xterm where there is none, and may be something else', async (t) => {
    const config = `
services:
  app: { type: task, terminal: true, command: '${told}', env_inherit: [PATH] }
  own: { type: task, terminal: true, command: '${told}', env: { TERM: vt100 } }
  none: { type: task, terminal: true, command: '${told}', env: { TERM: null } }
`;
    const { events } = await runOrderly(t, { config }).ended;
    for (const words of ['app says told ,,xterm', 'own says told ,,vt100', 'none says told ,,'])
      assert.ok(story(events).includes(words), words);
  });

  test('on ours it has what is left beside the names, and follows it; Ctrl-C stops it in its order', async (t) => {
    const config = `
services:
  app:
    terminal: true
    command: 'trap "stty size" WINCH; trap "echo asked; exit" TERM; ${told}; stty size; while :; do sleep 0.01; done'
    ready: { log: '^24 ' }
`;
    // Whoever is in the background of a terminal may set its size.
    const around =
      '{ until test -e narrow; do sleep 0.01; done; stty cols 50 </dev/tty; } </dev/null & exec $*';
    const run = runOrderly(t, {
      config,
      args: ['up'],
      inside: insideTerminal(around),
      env: { TERM: 'xterm' },
    });
    await run.line(/24 94/);
    await run.line(/ready: log/);
    writeFileSync(join(run.folder, 'narrow'), '');
    await run.line(/24 44/);
    press(run, CTRL_C);
    const { status, stdout } = await run.ended;
    assert.equal(status, 130);
    const shown = render(stdout.join('\n')).filter((line) => line.startsWith('app |'));
    assert.deepEqual(shown.filter((line) => line !== 'app | Terminated').slice(-4), [
      'app | told ,,xterm',
      'app | 24 94',
      'app | 24 44',
      'app | asked',
    ]);
  });

  test('readiness by its lines, restarts and log files are as without', async (t) => {
    const config = `
services:
  app:
    terminal: true
    command: 'echo "run $ORDERLY_ATTEMPT"; test $ORDERLY_ATTEMPT = 3 && exec sleep 1000; exit 1'
    ready: { log: run 3 }
    log: { file: app.log }
    restart: { delay: 1ms }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'app' });
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.deepEqual(
      story(end.events).filter((words) => words.startsWith('app says')),
      ['app says run 1', 'app says run 2', 'app says run 3'],
    );
    assert.equal(readFileSync(join(run.folder, 'app.log'), 'utf8'), 'run 1\nrun 2\nrun 3\n');
  });

  test('G5: what it leaves behind in a job of its own is taken down with it', async (t) => {
    const config = `
services:
  app: { terminal: true, command: 'set -m; trap "" HUP; sleep 1000 & echo up; sleep 1000', ready: { log: up } }
`;
    const run = runOrderly(t, { config });
    await run.event('service.ready', { service: 'app' });
    run.signal('SIGTERM');
    assert.deepEqual((await run.ended).left, []);
  });

  test('G6: after a SIGKILL of ours nothing of it is left', async (t) => {
    const config = `
services:
  app: { terminal: true, command: 'trap "" HUP TERM; set -m; sleep 1000 & echo up; sleep 1000', ready: { log: up } }
`;
    const run = runOrderly(t, { config, mayLeaveProcesses: true });
    await run.event('service.ready', { service: 'app' });
    assert.ok(findMarked(`ORDERLY_RUN=${run.pid}-`).length > 1);
    run.signal('SIGKILL');
    await run.ended;
    await until(() => findMarked(`ORDERLY_RUN=${run.pid}-`).length === 0);
  });

  test('G12: as PID 1 it is the same', { skip: noNamespaces }, async (t) => {
    const config = `services: { app: { type: task, terminal: true, command: '${isTerminal}; (sleep 1000 &)' } }`;
    const end = await runOrderly(t, { config, inside: asPidOne }).ended;
    assert.equal(end.status, 0);
    assert.ok(story(end.events).includes('app says a terminal of 24 80'));
  });

  test('run gives the terminal that there is to the service that it runs', async (t) => {
    const config = `services: { app: { terminal: true, command: 'tty; stty size' } }`;
    const end = await runOrderly(t, {
      config,
      args: ['run', 'app'],
      inside: insideTerminal('tty; exec $*'),
    }).ended;
    const shown = render(end.stdout.join('\n'));
    const terminals = shown.filter((line) => line.startsWith('/dev/'));
    assert.equal(terminals.length, 2, shown.join('\n'));
    assert.equal(terminals[1], terminals[0]);
    assert.ok(shown.includes('24 100'), shown.join('\n'));
  });
});

suite('where there is no terminal to be had', { concurrency: 3, timeout: 30_000 }, () => {
  const config = `
services:
  a: { command: touch started }
  b: { command: exec sleep 1000, terminal: true }
`;

  for (const command of ['up', 'check']) {
    test(`G10: ${command} says that koffi is missing, and starts nothing`, async (t) => {
      const run = runOrderly(t, { config, instead: [process.execPath, withoutPackages(t), command] });
      const { status, stderr } = await run.ended;
      assert.equal(status, 2);
      assert.equal(
        stderr[0],
        'supervisor.yaml:4:44: "terminal" of service "b" is not possible here: the package "koffi" is not installed',
      );
      assert.match(stderr.join('\n'), /Run "npm install koffi", or remove "terminal"/);
      assert.ok(!existsSync(join(run.folder, 'started')));
    });
  }

  test('run of that very service needs none', async (t) => {
    const one = `services: { b: { command: echo here, terminal: true } }`;
    const run = runOrderly(t, {
      config: one,
      instead: [process.execPath, withoutPackages(t), 'run', 'b'],
    });
    const { status, stdout } = await run.ended;
    assert.equal(status, 0);
    assert.deepEqual(stdout, ['here']);
  });

  test('G10: neither without their file system', { skip: noNamespaces }, async (t) => {
    const inside = ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs none /dev/pts && exec "$@"', 'sh'];
    const { status, stderr } = await runOrderly(t, { config, inside, args: ['up'] }).ended;
    assert.equal(status, 2);
    assert.match(
      stderr[0] ?? '',
      /"terminal" of service "b" is not possible here: no pseudo-terminal can be opened \(E[A-Z]+: .*'\/dev\/ptmx'\)$/,
    );
    assert.match(stderr.join('\n'), /mount -t devpts/);
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
