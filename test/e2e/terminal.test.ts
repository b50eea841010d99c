/**
 * On a terminal, which `script` provides: a board while starting, colours, Ctrl-C from the keyboard.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/free-port.ts';
import { CTRL_C, insideTerminal, press } from '../support/inside-terminal.ts';
import { programPath } from '../support/programs.ts';
import { render } from '../support/render.ts';
import { type OrderlyOptions, type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const okBoard = `
services:
  db: { command: exec sleep 1000, ready: { file: go }, cleanup: [echo db is clean] }
  api: { command: 'echo hello; exec sleep 1000', ready: { log: hello }, depends_on: [db] }
`;

function runOnTerminal(t: TestContext, options: OrderlyOptions = {}): OrderlyRun {
  const env = { TERM: 'xterm', ...options.env };
  return runOrderly(t, { config: okBoard, args: ['up'], inside: insideTerminal(), ...options, env });
}

suite('on a terminal', { concurrency: 4, timeout: 20_000 }, () => {
  test('G2 G3 G8: Ctrl-C stops everything in order, and a shell sees 130', async (t) => {
    const run = runOnTerminal(t, { files: { go: '' } });
    await run.line(/hello/);
    press(run, CTRL_C);
    const end = await run.ended;
    assert.equal(end.status, 130);
    const shown = render(end.stdout.join('\n'));
    assert.ok(
      shown.some((line) => /^db +\| db is clean/.test(line)),
      shown.join('\n'),
    );
    assert.match(shown.findLast((line) => line !== '') ?? '', /^orderly: stopped after .*: SIGINT$/);
    assert.ok(!shown.some((line) => /told to stop again/.test(line)));
  });

  test('services are told that colours are shown, and how wide their lines may be', async (t) => {
    const told = 'echo "colours=$FORCE_COLOR,$CLICOLOR_FORCE,$COLUMNS,"';
    const config = `
services:
  plain: { type: task, command: '${told}' }
  own: { type: task, command: '${told}', env: { FORCE_COLOR: 3, COLUMNS: 40 } }
  none: { type: task, command: '${told}', env_inherit: [PATH] }
  without: { type: task, command: '${told}', env: { FORCE_COLOR: null } }
`;
    const shown = async (env: Record<string, string>) => {
      const run = runOnTerminal(t, { config, env });
      return withoutEscapes((await run.ended).stdout.join('\n'))
        .match(/\w+ +\| colours=.*?,(?=\s*$)/gm)
        ?.toSorted();
    };
    assert.deepEqual(await shown({}), [
      'none    | colours=,,,',
      'own     | colours=3,1,40,',
      'plain   | colours=1,1,90,',
      'without | colours=,1,90,',
    ]);
    assert.deepEqual(await shown({ NO_COLOR: '1' }), [
      ...[
        'none    | colours=,,,',
        'own     | colours=3,,40,',
        'plain   | colours=,,,',
        'without | colours=,,,',
      ],
    ]);
    assert.equal((await shown({ FORCE_COLOR: '2' }))?.[2], 'plain   | colours=2,1,90,');
  });

  test('Ctrl-C twice kills what is left, and says so', async (t) => {
    const config = `services: { db: { command: ${programPath('e2e/ignore-term.sh')} } }`;
    const run = runOnTerminal(t, { config });
    await run.line(/stubborn/);
    press(run, CTRL_C);
    await run.line(/stopping: SIGINT/);
    await sleep(350);
    press(run, CTRL_C);
    const end = await run.ended;
    assert.equal(end.status, 3);
    assert.match(withoutEscapes(end.stdout.join('\n')), /told to stop again: killing what is left/);
  });

  test('G8: a kill after Ctrl-C tells what gave it no more time, and what to raise', async (t) => {
    const config = `
shutdown: { budget: 28s, interrupt_grace: 200ms }
services: { db: { command: ${programPath('e2e/ignore-term.sh')}, stop: { grace: 8s } } }
`;
    const run = runOnTerminal(t, { config });
    await run.line(/stubborn/);
    press(run, CTRL_C);
    const end = await run.ended;
    assert.equal(end.status, 3);
    const shown = withoutEscapes(end.stdout.join('\n'));
    assert.match(shown, /stopping: SIGINT; 1 service, at most 200 ms each, 28 s in all/);
    assert.match(
      shown,
      /still alive after .*, all that shutdown.interrupt_grace gives it of its grace of 8 s/,
    );
    assert.match(shown, /next {4}see why "db" .*or give it longer: shutdown.interrupt_grace/);
  });

  test('while starting, a board shows each service and what it waits for; then it is out of the way', async (t) => {
    const run = runOnTerminal(t);
    await run.line(/db +starting/);
    await run.line(/api +pending +for db/);
    writeFileSync(join(run.folder, 'go'), '');
    await run.line(/api: ready/);
    press(run, CTRL_C);
    const end = await run.ended;
    const shown = render(end.stdout.join('\n'));
    assert.ok(!shown.some((line) => /starting|pending/.test(line)), shown.join('\n'));
    assert.ok(shown.includes('api | hello'), shown.join('\n'));
  });

  test('the board says why something is not ready yet, and when all is, how many and after how long', async (t) => {
    const port = await freePort();
    const config = `
services:
  api: { command: exec sleep 1000, ready: { http: 'http://127.0.0.1:${port}/up', owner: any } }
  db: { command: exec sleep 1000 }
`;
    const run = runOnTerminal(t, { config });
    await run.line(new RegExp(`api +starting +[\\d.]+ s: http .*127.0.0.1:${port}.*: connection refused`));
    const server = createServer((_, response) => response.end()).listen(port, '127.0.0.1');
    t.after(() => server.close());
    await run.line(/all 2 ready after [\d.]+ s/);
    press(run, CTRL_C);
    const shown = render((await run.ended).stdout.join('\n'));
    assert.ok(!shown.some((line) => /connection refused/.test(line)), shown.join('\n'));
  });

  test('the board is back for a restart, with what restarts alone', async (t) => {
    const config = `
services:
  db: { command: exec sleep 1000 }
  api: { command: 'until [ -e go ]; do sleep 0.02; done; rm go; exit 3', restart: { policy: always, delay: 1000s, max: 0 } }
`;
    const run = runOnTerminal(t, { config });
    await run.line(/all 2 ready/);
    writeFileSync(join(run.folder, 'go'), '');
    await run.line(/: 1 of 2 ready/);
    await run.line(/api +backoff +in .*: exited with code 3/);
    press(run, CTRL_C);
    const end = await run.ended;
    const after = end.stdout.slice(end.stdout.findIndex((line) => /: 1 of 2 ready/.test(line)));
    assert.ok(!after.some((line) => /db +ready/.test(line)));
  });

  test('the board is shown on a terminal that does not tell its size', async (t) => {
    const inside = insideTerminal('stty rows 0 cols 0; exec $*');
    const run = runOnTerminal(t, { inside });
    await run.line(/db +starting/);
    press(run, CTRL_C);
    const end = await run.ended;
    assert.ok(end.stdout.some((line) => /db +starting/.test(line)));
  });

  test('a prompt is shown with its name while nobody has answered it, whatever others write, and stands there once', async (t) => {
    const config = `
services:
  ask: { command: 'printf "delete all? "; until [ -e go ]; do sleep 0.02; done; echo yes; exec sleep 1000' }
  other: { command: 'until [ -e talk ]; do sleep 0.02; done; echo hello; exec sleep 1000' }
`;
    const run = runOnTerminal(t, { config });
    await run.line(/ask +\|.* delete all\? /);
    writeFileSync(join(run.folder, 'talk'), '');
    await run.line(/other \|.* hello/);
    writeFileSync(join(run.folder, 'go'), '');
    await run.line(/delete all\? yes/);
    press(run, CTRL_C);
    const shown = render((await run.ended).stdout.join('\n')).map(withoutEscapes);
    assert.deepEqual(
      shown.filter((line) => line.includes('|')),
      ['other | hello', 'ask   | delete all? yes'],
    );
  });

  test('of a progress display the state is shown that it is in, with its name, and the last one stays', async (t) => {
    const config = `
services:
  load:
    type: task
    command: 'printf "10%%\\r20%%\\r"; until [ -e go ]; do sleep 0.02; done; printf "100%%\\n"; until [ -e end ]; do sleep 0.02; done'
`;
    const run = runOnTerminal(t, { config });
    await run.line(/load \|.* 20%/);
    writeFileSync(join(run.folder, 'go'), '');
    await run.line(/load \|.* 100%/);
    writeFileSync(join(run.folder, 'end'), '');
    const raw = (await run.ended).stdout;
    const shown = render(raw.join('\n')).map(withoutEscapes);
    assert.deepEqual(
      shown.filter((line) => line.includes('|')),
      ['load | 100%'],
    );
    assert.ok(!raw.some((line) => line.includes('10%')));
  });

  test('lines go to a terminal, and our sentences to a file: what is unfinished is shown there, as wide as that is', async (t) => {
    const config = `
services:
  ask: { command: 'echo "columns=$COLUMNS,"; printf "%s? " ${'x'.repeat(120)}; exec sleep 1000' }
`;
    const run = runOnTerminal(t, { config, inside: insideTerminal('exec $* 2>told') });
    await run.line(/ask \|.* x+…/);
    press(run, CTRL_C);
    const raw = (await run.ended).stdout.map(withoutEscapes);
    assert.ok(raw.includes('ask | columns=94,'), raw.join('\n'));
    assert.ok(raw.includes(`ask | ${'x'.repeat(92)}…`), raw.join('\n'));
    assert.match(readFileSync(join(run.folder, 'told'), 'utf8'), /orderly: ask: ready/);
  });

  test('of what is not printed nothing is shown, finished or not', async (t) => {
    const config = `
services:
  mute: { command: 'echo hush; printf "delete all? "; exec sleep 1000', log: { print: false } }
  other: { command: 'echo hush; printf "and now? "; exec sleep 1000' }
  api: { command: 'printf "go on? "; exec sleep 1000' }
`;
    const run = runOnTerminal(t, { config, args: ['up', '--only', 'api,mute'] });
    await run.line(/api \|.* go on\? /);
    press(run, CTRL_C);
    const shown = withoutEscapes((await run.ended).stdout.join('\n'));
    assert.doesNotMatch(shown, /hush|delete all|and now/);
  });

  test('what stands below a message is never older than the message', async (t) => {
    const run = runOnTerminal(t);
    await run.line(/db +starting/);
    writeFileSync(join(run.folder, 'go'), '');
    await run.line(/api: ready/);
    press(run, CTRL_C);
    const end = await run.ended;
    const after = end.stdout.slice(end.stdout.findIndex((line) => /db: ready/.test(line)));
    assert.ok(!after.some((line) => /db +starting/.test(line)));
  });

  test('colours are shown, each service in one of its own; not with NO_COLOR', async (t) => {
    for (const [env, coloured] of [
      [{}, true],
      [{ NO_COLOR: '1' }, false],
      [{ TERM: 'dumb' }, false],
    ] as const) {
      const run = runOnTerminal(t, { env, files: { go: '' } });
      await run.line(/hello/);
      press(run, CTRL_C);
      const end = await run.ended;
      const line = end.stdout.find((each) => each.includes('hello')) ?? '';
      assert.equal(/\u001b\[\d+m.*api/.test(line), coloured, JSON.stringify([env, line]));
    }
  });

  test('G3 G5 G8: a terminal that is closed ends it by SIGHUP, in order and cleaned', async (t) => {
    const args = ['up', '--record', 'run.jsonl'];
    const run = runOnTerminal(t, { args, files: { go: '' }, mayLeaveProcesses: true });
    await run.line(/hello/);
    run.signal('SIGKILL');
    await run.ended;
    const recorded = await lastLineOf(join(run.folder, 'run.jsonl'), 'run.finished');
    assert.match(recorded, /"status":129,"cause":"SIGHUP","survivors":\[\]/);
  });

  test('an end during the start leaves no board and no hidden cursor', async (t) => {
    const run = runOnTerminal(t);
    await run.line(/db +starting/);
    press(run, CTRL_C);
    const end = await run.ended;
    const raw = end.stdout.join('\n');
    assert.ok(raw.lastIndexOf('\u001b[?25l') <= raw.lastIndexOf('\u001b[?25h'));
    assert.deepEqual([end.status, render(raw).filter((line) => /starting|pending/.test(line))], [130, []]);
  });
});

/** The last line of a file, once it contains this word: its writer has lost its terminal, and ends when it likes. */
function lastLineOf(path: string, word: string): Promise<string> {
  return until(() => {
    const line = readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? '';
    return line.includes(word) && line;
  });
}

function withoutEscapes(text: string): string {
  return text.replaceAll(/\u001b\[[0-9;?]*[a-zA-Z]/g, '').replaceAll('\r', '');
}
