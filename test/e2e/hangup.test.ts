/**
 * SIGHUP where the configuration says that it asks for a reload; a terminal that is closed ends the run all the same.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { asPidOne, noNamespaces, pidOneOf } from '../support/privileges.ts';
import { type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const config = (words: string, more = '', onHangup = 'reload') => `
on_hangup: ${onHangup}
services:
  db: { command: exec sleep 1000 }
  api: { command: 'echo ${words}; exec sleep 1000', ready: { log: . }, depends_on: [db] }
${more}`;

function write({ folder }: OrderlyRun, text: string): void {
  writeFileSync(join(folder, 'supervisor.yaml'), text);
}

const note = (run: OrderlyRun, text: string) => run.event('run.note', { text });

async function isUp(t: TestContext, options: object = {}): Promise<OrderlyRun> {
  const run = runOrderly(t, { config: config('one'), ...options });
  await run.event('service.ready', { service: 'api' });
  return run;
}

suite('SIGHUP as a reload', { concurrency: 3, timeout: 60_000 }, () => {
  for (const [where, inside, skip] of [
    ['', [], false],
    [' as PID 1', asPidOne, noNamespaces],
  ] as const) {
    test(`RL-1 what is different is changed and nothing else, and it is told${where}`, {
      skip,
    }, async (t) => {
      const run = await isUp(t, { inside });
      const pid = inside.length === 0 ? run.pid : pidOneOf(run.pid);
      write(run, config('two'));
      process.kill(pid, 'SIGHUP');
      await note(run, 'SIGHUP: reloaded');
      const texts = run.events.flatMap((event) => (event.type === 'log' ? [event.text] : []));
      assert.deepEqual(texts, ['one', 'two']);
      const started = run.events.filter(({ type }) => type === 'service.starting');
      assert.deepEqual(
        started.map((event) => 'service' in event && event.service),
        ['db', 'api', 'api'],
      );
      process.kill(pid, 'SIGHUP');
      await note(run, 'SIGHUP: the files say nothing else than before');
      process.kill(pid, 'SIGTERM');
      assert.equal((await run.ended).status, 143);
    });
  }

  test('files that are wrong change nothing, and everything that is wrong is told with its place', async (t) => {
    const run = await isUp(t);
    write(run, config('two', '  web: { comand: x }\n  x: { command: x, depends_on: [y] }'));
    run.signal('SIGHUP');
    await note(run, 'SIGHUP: nothing is reloaded, the configuration is wrong:');
    await run.event((event) => event.type === 'run.note' && /Unknown key "comand"/.test(event.text));
    await run.event(
      (event) =>
        event.type === 'run.note' && /^supervisor\.yaml:\d+:\d+: "x" cannot depend on "y"/.test(event.text),
    );
    write(run, config('one', '', 'shutdown'));
    run.signal('SIGHUP');
    await note(run, 'SIGHUP: reloaded');
    assert.ok(!run.events.some(({ type }) => type === 'service.stopping'));
    // From now on it asks for what it asks for everywhere.
    run.signal('SIGHUP');
    assert.equal((await run.ended).status, 129);
  });

  test('what does not become ready is taken back, with all that came with it', async (t) => {
    const run = await isUp(t);
    const web = `  web: { command: 'exit 3', ready: { delay: 9s }, restart: "no" }`;
    write(run, config('two', web, 'shutdown'));
    run.signal('SIGHUP');
    await run.event(
      (event) =>
        event.type === 'run.note' && /^SIGHUP: not reloaded: "web" .*; rolled back$/.test(event.text),
    );
    write(run, config('three'));
    run.signal('SIGHUP');
    await note(run, 'SIGHUP: reloaded');
    const texts = run.events.flatMap((event) => (event.type === 'log' ? [event.text] : []));
    assert.equal(texts.at(-1), 'three');
    run.signal('SIGTERM');
    await run.ended;
  });

  test('while everything goes down nothing is reloaded, and nobody insists by it', async (t) => {
    const slow = `  web: { command: "trap 'echo asked; until [ -e go ]; do sleep 0.05; done; exit 0' TERM; echo up; while :; do sleep 0.05; done", ready: { log: up } }`;
    const run = await isUp(t, { config: config('one', slow) });
    await run.event('service.ready', { service: 'web' });
    run.signal('SIGTERM');
    await run.event('log', { text: 'asked' });
    run.signal('SIGHUP');
    await run.event(
      (event) => event.type === 'run.note' && event.text.startsWith('SIGHUP: nothing is reloaded: '),
    );
    writeFileSync(join(run.folder, 'go'), '');
    const end = await run.ended;
    assert.equal(end.status, 143);
    assert.ok(!end.events.some(({ type }) => type === 'shutdown.escalated'));
  });
});

const up = `${process.execPath} ${orderlyBin} up --record record.jsonl`;
/** `script` gives a terminal, and is the terminal: when it is killed that is closed. */
const onTerminal = (command: string) => ['sh', '-c', 'exec script -qec "$0" /dev/null </dev/null', command];

function recorded({ folder }: OrderlyRun): readonly OrderlyEvent[] {
  try {
    const text = readFileSync(join(folder, 'record.jsonl'), 'utf8');
    return text
      .slice(0, text.lastIndexOf('\n'))
      .split('\n')
      .map((line) => JSON.parse(line) as OrderlyEvent);
  } catch {
    return []; // Not there yet.
  }
}

/** By whose pid it can be signalled, once all is up there. */
async function isUpOnTerminal(t: TestContext, command: string): Promise<readonly [OrderlyRun, number]> {
  const run = runOrderly(t, {
    config: config('one'),
    instead: onTerminal(command),
    mayLeaveProcesses: true,
  });
  await until(() => recorded(run).some((event) => event.type === 'service.ready' && event.service === 'api'));
  const started = recorded(run)[0];
  assert.equal(started?.type, 'run.started');
  return [run, started.type === 'run.started' ? started.pid : -1];
}

async function cause(run: OrderlyRun): Promise<string> {
  const over = await until(() => recorded(run).find((event) => event.type === 'run.finished'));
  return over.type === 'run.finished' ? over.cause : '';
}

suite('SIGHUP as a reload, on a terminal', { concurrency: 3, timeout: 60_000 }, () => {
  test('a person sends it: a reload; the terminal is closed: the end', async (t) => {
    const [run, pid] = await isUpOnTerminal(t, up);
    process.kill(pid, 'SIGHUP');
    await until(() =>
      recorded(run).some((event) => event.type === 'run.note' && event.text.startsWith('SIGHUP: the files')),
    );
    run.signal('SIGKILL');
    assert.equal(await cause(run), 'SIGHUP');
  });

  test('the shell of the terminal is killed: the end', async (t) => {
    const [run, pid] = await isUpOnTerminal(t, `sh -c '${up}; true'`);
    const shell = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
    process.kill(shell, 'SIGKILL');
    assert.equal(await cause(run), 'SIGHUP');
  });

  test('in the background of a shell that passes the end of its terminal on: the end', async (t) => {
    const [run, pid] = await isUpOnTerminal(t, `bash -ic '${up} </dev/null >log 2>&1 & wait'`);
    process.kill(pid, 'SIGHUP');
    await until(() =>
      recorded(run).some((event) => event.type === 'run.note' && event.text.startsWith('SIGHUP: the files')),
    );
    run.signal('SIGKILL');
    assert.equal(await cause(run), 'SIGHUP');
  });

  test('under nohup: a reload, and the end of the terminal is nothing', async (t) => {
    const [run, pid] = await isUpOnTerminal(t, `bash -c 'nohup ${up} </dev/null >log 2>&1 & wait'`);
    process.kill(pid, 'SIGHUP');
    await until(() =>
      recorded(run).some((event) => event.type === 'run.note' && event.text.startsWith('SIGHUP: the files')),
    );
    run.signal('SIGKILL');
    await run.ended;
    const api = recorded(run).find((event) => event.type === 'service.starting' && event.service === 'api');
    process.kill(api?.type === 'service.starting' ? (api.pid ?? -1) : -1, 'SIGKILL');
    // By then it would go down.
    await until(() =>
      recorded(run).some(
        (event) => event.type === 'service.ready' && event.service === 'api' && event.attempt === 2,
      ),
    );
    process.kill(pid, 'SIGTERM');
    assert.equal(await cause(run), 'SIGTERM');
  });
});
