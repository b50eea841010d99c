/**
 * `orderly run`: starts what a command needs, gives it the terminal, takes all down again, ends with its code.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { CTRL_C, insideTerminal, press } from '../support/inside-terminal.ts';
import { programPath } from '../support/programs.ts';
import { type OrderlyEnd, runOrderly } from '../support/run-orderly.ts';
import { assertOrder, story } from '../support/story.ts';
import { until } from '../support/until.ts';

const okNeeds = `
services:
  db: { command: 'echo db up; exec sleep 1000', ready: { log: up }, cleanup: ['echo db is clean'] }
  other: { command: exec sleep 1000 }
  migrate: { type: task, command: 'cat; exit 5', depends_on: [db] }
`;

interface Told extends OrderlyEnd {
  readonly told: readonly string[];
}

/** Runs `orderly run` with these words; `typed` is what it reads from stdin. */
async function runCommand(t: TestContext, words: readonly string[], typed = ''): Promise<Told> {
  const run = runOrderly(t, {
    config: okNeeds,
    args: ['run', '--record', 'run.jsonl', ...words],
    inside: ['sh', '-c', `printf '${typed}' | "$@"`, 'sh'],
  });
  const end = await run.ended;
  const lines = readFileSync(join(run.folder, 'run.jsonl'), 'utf8').trimEnd().split('\n');
  return { ...end, told: story(lines.map((line) => JSON.parse(line) as OrderlyEvent)) };
}

suite('orderly run', { concurrency: 4, timeout: 20_000 }, () => {
  for (const status of [0, 1, 9]) {
    test(`G8: the command's exit code ${status} is its own, and what it needed is stopped`, async (t) => {
      const words = ['--needs', 'db', '--', 'sh', '-c', `exit ${status}`];
      const end = await runCommand(t, words);
      assert.equal(end.status, status);
      assertOrder(
        end.told,
        'db ready',
        'run starting',
        'run exited',
        'db stopping',
        'db cleanup',
        'db stopped',
      );
      assert.ok(!end.told.includes('other starting'));
    });
  }

  test('G8: a command that dies by a signal is 128 + n', async (t) => {
    const end = await runCommand(t, ['--needs', 'db', '--', 'sh', '-c', 'kill -KILL $$']);
    assert.equal(end.status, 137);
  });

  test('the command reads the stdin and writes the stdout of orderly itself; all else goes to stderr', async (t) => {
    const end = await runCommand(t, ['--needs', 'db', '--', 'cat'], 'one\\ntwo\\n');
    assert.deepEqual([end.status, end.stdout], [0, ['one', 'two']]);
    for (const line of ['db | db up', 'db | db is clean']) assert.ok(end.stderr.includes(line));
  });

  test('options after the command are its own', async (t) => {
    const end = await runCommand(t, ['--needs', 'db', '--', 'echo', '--needs', '-f', 'x']);
    assert.deepEqual(end.stdout, ['--needs -f x']);
  });

  test('arguments and variables that are no UTF-8 reach the command byte by byte', async (t) => {
    const inside = ['sh', '-c', 'X=$(printf "v\\351") exec setsid "$@" "$(printf "a\\351")"', 'sh'];
    const print = ['sh', '-c', 'printf %s "$X$0" | od -An -tx1'];
    const end = await runOrderly(t, { args: ['run', '--', ...print], inside }).ended;
    assert.deepEqual([end.status, end.stdout.map((line) => line.trim())], [0, ['76 e9 61 e9']]);
  });

  test('an inherited variable that is no UTF-8 is named at the start, since services get it changed', async (t) => {
    const inside = ['sh', '-c', 'LATIN=$(printf "v\\351") exec "$@"', 'sh'];
    const end = await runOrderly(t, { config: okNeeds, args: ['run', '--needs', 'db', '--', 'true'], inside })
      .ended;
    assert.equal(end.status, 0);
    assert.ok(end.stderr.some((line) => /the variable "LATIN" is no UTF-8 text: services get it/.test(line)));
  });

  test('a task of the graph runs with the terminal, and ends with its code', async (t) => {
    const end = await runCommand(t, ['migrate'], 'typed\\n');
    assert.deepEqual([end.status, end.stdout], [5, ['typed']]);
    assertOrder(end.told, 'db ready', 'migrate starting', 'migrate exited', 'db stopping', 'db stopped');
  });

  test('G8: a command that is not there is a sentence and status 127', async (t) => {
    const args = ['run', '--needs', 'db', '--', 'no-such-program-here'];
    const end = await runOrderly(t, { config: okNeeds, args }).ended;
    assert.deepEqual([end.status, end.stdout, end.stderr.length], [127, [], 1]);
    assert.match(
      end.stderr[0] ?? '',
      /"no-such-program-here" is not on the PATH, and no service has that name; nothing was started$/,
    );
  });

  test('a mistyped service is neither that nor a program: nothing is started, and the nearest is offered', async (t) => {
    const end = await runOrderly(t, { config: okNeeds, args: ['run', 'migrat'] }).ended;
    assert.deepEqual([end.status, end.stdout, end.stderr.length], [127, [], 1]);
    assert.match(
      end.stderr[0] ?? '',
      /no service has that name; nothing was started; did you mean "migrate"\?$/,
    );
  });

  test('a command that a task makes is looked up when its turn has come', async (t) => {
    const config =
      'services: { build: { type: task, command: \'printf "#!/bin/sh\\necho made" > app; chmod +x app\' } }';
    const end = await runOrderly(t, { config, args: ['run', '--needs', 'build', '--', './app'] }).ended;
    assert.deepEqual([end.status, end.stdout], [0, ['made']]);
  });

  test('without a terminal the command leads a session: kill 0 in it hits nobody else', async (t) => {
    const script = 'test "$(ps -o sid= -p $$ | tr -d " ")" = $$ && echo leads; kill -TERM 0';
    const run = runOrderly(t, {
      config: okNeeds,
      args: ['run', '--needs', 'db', '--', 'sh', '-c', script],
      inside: ['setsid'],
    });
    const end = await run.ended;
    assert.deepEqual([end.status, end.signal, end.stdout], [143, null, ['leads']]);
    assert.ok(end.stderr.includes('db | db is clean'));
    assert.ok(!end.stderr.some((line) => /stopping: SIGTERM/.test(line)), end.stderr.join('\n'));
  });

  for (const [target, heard] of [
    ['group', ['child', 'main']],
    ['main', ['main']],
  ] as const) {
    test(`stop.target ${target} means the same in run as in up`, async (t) => {
      const child = `sh -c 'trap "echo child; exit" TERM; echo up; while :; do sleep 0.05; done'`;
      const main = `trap "sleep 0.2; echo main; exit 3" TERM; ${child} & wait`;
      const config = `services: { m: { command: ${JSON.stringify(main)}, stop: { target: ${target} } } }`;
      const run = runOrderly(t, { config, args: ['run', 'm'] });
      await run.line(/^up/);
      run.signal('SIGTERM');
      const end = await run.ended;
      assert.equal(end.status, 3);
      assert.deepEqual(end.stdout.slice(1, 1 + heard.length), heard);
    });
  }

  test('G8: where what it needs fails, the command never runs', async (t) => {
    const config = `services: { db: { command: ${programPath('e2e/crash-at-start.sh')}, ready: { log: never }, restart: "no" } }`;
    const args = ['run', '--needs', 'db', '--', 'echo', 'ran'];
    const end = await runOrderly(t, { config, args }).ended;
    assert.deepEqual([end.status, end.stdout], [1, []]);
    assert.match(end.stderr.at(-1) ?? '', /"db" failed: exited with code 7/);
  });

  test('G10: a needed service that is not there is status 2 and a sentence', async (t) => {
    const end = await runOrderly(t, { config: okNeeds, args: ['run', '--needs', 'nobody', '--', 'true'] })
      .ended;
    assert.deepEqual([end.status, end.stdout], [2, []]);
    assert.match(end.stderr.join('\n'), /"nobody"/);
  });

  test('G3 G8: SIGTERM ends the command, then what it needed, and the program by SIGTERM', async (t) => {
    const words = ['--needs', 'db', '--', 'sh', '-c', 'echo running; exec sleep 1000'];
    const run = runOrderly(t, { config: okNeeds, args: ['run', ...words] });
    await run.line(/^running/);
    run.signal('SIGTERM');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.ok(end.stderr.includes('db | db is clean'));
  });
});

suite('orderly run on a terminal', { concurrency: 4, timeout: 20_000 }, () => {
  const terminal = (command: string) => ({
    config: okNeeds,
    files: { 'app.sh': command },
    args: ['run', '--needs', 'db', '--', 'sh', 'app.sh'],
    env: { TERM: 'xterm' },
    inside: insideTerminal(),
  });

  /** The same as a job of an interactive shell. */
  const jobOf = (command: string) => {
    const inside = [
      ...['sh', '-c'],
      'mkfifo keys && exec 3<>keys && echo opened && export ORDERLY="$*" && exec script -qec "bash --rcfile start -i" /dev/null <keys',
      'sh',
    ];
    const files = { 'app.sh': command, start: '' };
    return { ...terminal(command), files, inside };
  };

  test('the command has the terminal: all three streams, its size, and Ctrl-C', async (t) => {
    const app = `
trap 'echo app got INT; exit 6' INT
test -t 0 && test -t 1 && test -t 2 && echo "has $(stty size)"
sleep 1000 & wait
`;
    const run = runOrderly(t, terminal(app));
    await run.line(/has 24 100/);
    press(run, CTRL_C);
    const end = await run.ended;
    assert.equal(end.status, 6, end.stdout.join('\n'));
    for (const said of [/app got INT/, /db is clean/]) assert.ok(end.stdout.some((line) => said.test(line)));
  });

  test('Ctrl-C is the command’s own: a prompt that goes on after it is not ended', async (t) => {
    const app = `
trap 'echo still here' INT
echo prompt
while ! read -r word; do :; done
sleep 0.2
echo "read $word"
exit 4
`;
    const run = runOrderly(t, terminal(app));
    await run.line(/^prompt/);
    press(run, CTRL_C);
    await run.line(/still here/);
    press(run, 'hello\n');
    const end = await run.ended;
    assert.ok(
      end.stdout.some((line) => /read hello/.test(line)),
      end.stdout.join('\n'),
    );
    assert.equal(end.status, 4);
  });

  test('the command leads a group of its own, and kill 0 in it hits nobody else', async (t) => {
    const app = `
test "$(ps -o pgid= -p $$ | tr -d ' ')" = $$ && echo leads
test "$(ps -o tpgid= -p $$ | tr -d ' ')" = $$ && echo foreground
trap 'exit 7' TERM
kill -TERM 0
sleep 1000 & wait
`;
    const end = await runOrderly(t, terminal(app)).ended;
    assert.equal(end.status, 7, end.stdout.join('\n'));
    for (const said of [/leads/, /foreground/, /db is clean/])
      assert.ok(end.stdout.some((line) => said.test(line)));
  });

  test('Ctrl-Z stops it as a job of the shell, and fg continues it with the terminal', async (t) => {
    const app = `
trap 'exit 8' INT
echo prompt
read -r word
echo "read $word"
sleep 1000 & wait
`;
    const run = runOrderly(t, jobOf(app));
    const type = (keys: string) => press(run, keys);
    await run.line(/^opened/);
    type('$ORDERLY\n');
    await run.line(/^prompt/);
    type('\u001a');
    await run.line(/Stopped/);
    type('fg\n');
    type('hello\n');
    await run.line(/read hello/);
    type(CTRL_C);
    await run.line(/db is clean/);
    type('echo "was $?"; exit\n');
    await run.line(/was 8/);
    await run.ended;
  });

  test('G3 G5: a terminal that is closed ends a command that does not care, and what it needed', async (t) => {
    const app = "trap '' HUP; trap 'exit 0' TERM; echo prompt; while :; do sleep 0.05; done";
    const scene = terminal(app);
    const [, ...words] = scene.args;
    const args = ['run', '--record', 'run.jsonl', ...words];
    const run = runOrderly(t, { ...scene, args, mayLeaveProcesses: true });
    await run.line(/^prompt/);
    run.signal('SIGKILL');
    await run.ended;
    const told = await until(() => {
      const text = readFileSync(join(run.folder, 'run.jsonl'), 'utf8');
      return text.includes('"run.finished"') && text;
    });
    assert.match(told, /"cause":\{"kind":"signal","signal":"SIGHUP"\}/);
    assert.match(told, /"service.stopped","service":"db"/);
    assert.match(told, /"survivors":\[\]/);
  });

  test('where no shell is above, Ctrl-Z holds up nothing', async (t) => {
    const app = `
trap 'echo continued' CONT
echo prompt
while ! read -r word; do :; done
echo "read $word"
`;
    const run = runOrderly(t, terminal(app));
    const type = (keys: string) => press(run, keys);
    await run.line(/^prompt/);
    type('\u001a');
    await run.line(/continued/);
    type('hello\n');
    const end = await run.ended;
    assert.ok(
      end.stdout.some((line) => /read hello/.test(line)),
      end.stdout.join('\n'),
    );
    assert.equal(end.status, 0);
  });

  test('G8: without any configuration the command is all there is, and its code is ours', async (t) => {
    const run = runOrderly(t, { args: ['run', '--', 'sh', '-c', 'echo $0 $PWD; exit 200', 'alone'] });
    const end = await run.ended;
    assert.equal(end.status, 200);
    assert.deepEqual(end.stdout, [`alone ${run.folder}`]);
  });

  test('G8: a command that may not be executed is 126', async (t) => {
    const end = await runOrderly(t, { args: ['run', '--', programPath('not-executable.sh')] }).ended;
    assert.equal(end.status, 126);
  });

  test('G10: a file that is named must be there, and services that are needed must be in one', async (t) => {
    for (const named of [
      ['-f', 'nowhere.yaml'],
      ['--needs', 'db'],
    ]) {
      const end = await runOrderly(t, { args: ['run', ...named, '--', 'true'] }).ended;
      assert.equal(end.status, 2);
      assert.match(end.stderr[0] ?? '', /Cannot (read|find) /);
    }
  });
});
