/**
 * Whoever started orderly is gone: under npm that is the end; a terminal says it by SIGHUP; others mean nothing by it.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { orderlyBin } from '../support/orderly-bin.ts';
import { isAlive } from '../support/process-lab.ts';
import { type OrderlyOptions, type OrderlyRun, runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const okParents = `
services:
  db: { command: exec sleep 1000, cleanup: [echo db is clean] }
  late: { command: 'sleep 1.5; echo later; exec sleep 1000', depends_on: [db] }
`;

/** The processes between the test and orderly may end before it: what it did is read from its record. */
function runRecorded(t: TestContext, options: OrderlyOptions): OrderlyRun {
  return runOrderly(t, { config: okParents, mayLeaveProcesses: true, ...options });
}

const up = `${process.execPath} ${orderlyBin} up --record record.jsonl`;

function recorded({ folder }: OrderlyRun): readonly OrderlyEvent[] {
  try {
    const text = readFileSync(join(folder, 'record.jsonl'), 'utf8');
    const lines = text.slice(0, text.lastIndexOf('\n')).split('\n');
    return lines.map((line) => JSON.parse(line) as OrderlyEvent);
  } catch {
    return []; // Not there yet.
  }
}

function find<Type extends OrderlyEvent['type']>(run: OrderlyRun, type: Type) {
  return until(
    () =>
      recorded(run).find((event) => event.type === type) as Extract<OrderlyEvent, { type: Type }> | undefined,
  );
}

/** The cause and the status, once nothing is left. */
async function ending(run: OrderlyRun): Promise<readonly unknown[]> {
  const { pid } = await find(run, 'run.started');
  const { cause } = await find(run, 'shutdown.requested');
  const { status, survivors } = await find(run, 'run.finished');
  await until(() => !isAlive(pid));
  assert.deepEqual(survivors, []);
  return [cause.kind === 'signal' ? cause.signal : cause.kind, status];
}

async function isUp(run: OrderlyRun): Promise<number> {
  const { pid } = await find(run, 'run.started');
  await until(() =>
    recorded(run).some((event) => event.type === 'service.ready' && event.service === 'late'),
  );
  return pid;
}

/** `script` gives a terminal, and is the terminal: when it is killed that is closed. */
const onTerminal = (command: string) => ['sh', '-c', 'exec script -qec "$0" /dev/null </dev/null', command];

suite('the parent is gone', { concurrency: 4, timeout: 40_000 }, () => {
  test('npm is killed while a command prints variables: that is ended, and nothing is started', async (t) => {
    const files = { 'package.json': JSON.stringify({ scripts: { dev: up } }) };
    const config = `
env_from: { command: 'echo $$$$ > pid.new; mv pid.new pid; exec sleep 1000', within: 100s }
services: { a: { command: 'echo x > ran' } }
`;
    const run = runRecorded(t, { files, config, instead: ['npm', 'run', 'dev'] });
    const pid = Number(
      await until(() => {
        try {
          return readFileSync(join(run.folder, 'pid'), 'utf8');
        } catch {
          return undefined; // Not there yet.
        }
      }),
    );
    run.signal('SIGKILL');
    await until(() => !isAlive(pid));
    assert.deepEqual(recorded(run), []);
    assert.ok(!existsSync(join(run.folder, 'ran')));
  });

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`G5: npm is ended by ${signal}: orderly ends too, in order, with status 0`, async (t) => {
      const files = { 'package.json': JSON.stringify({ scripts: { dev: up } }) };
      const run = runRecorded(t, { files, instead: ['npm', 'run', 'dev'] });
      await isUp(run);
      run.signal(signal);
      assert.deepEqual(await ending(run), ['parent-gone', 0]);
    });
  }

  test('G5: npm in npm: the end of the outer one is enough', async (t) => {
    const files = {
      'package.json': JSON.stringify({ scripts: { dev: 'npm run up; true', up: `${up}; true` } }),
    };
    const run = runRecorded(t, { files, instead: ['npm', 'run', 'dev'] });
    await isUp(run);
    run.signal('SIGKILL');
    assert.deepEqual(await ending(run), ['parent-gone', 0]);
  });

  test('in a session of its own it outlives npm', async (t) => {
    const files = { 'package.json': JSON.stringify({ scripts: { dev: `exec setsid --fork ${up}` } }) };
    const run = runRecorded(t, { files, instead: ['npm', 'run', 'dev'] });
    const pid = await isUp(run);
    await run.line(/later/);
    process.kill(pid, 'SIGTERM');
    assert.deepEqual(await ending(run), ['SIGTERM', 143]);
  });

  test('G5: the terminal is closed: SIGHUP', async (t) => {
    const run = runRecorded(t, { instead: onTerminal(up) });
    await isUp(run);
    run.signal('SIGKILL');
    assert.deepEqual(await ending(run), ['SIGHUP', 129]);
  });

  test('G5: the shell of the terminal is killed: SIGHUP', async (t) => {
    const run = runRecorded(t, { instead: onTerminal(`sh -c '${up}; true'`) });
    const pid = await isUp(run);
    const shell = Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
    assert.match(readFileSync(`/proc/${shell}/cmdline`, 'latin1'), /^sh\0-c\0/);
    process.kill(shell, 'SIGKILL');
    assert.deepEqual(await ending(run), ['SIGHUP', 129]);
  });

  test('left behind by a shell that ends, it runs on', async (t) => {
    const run = runRecorded(t, { instead: ['sh', '-c', `${up} & exit 0`] });
    const pid = await isUp(run);
    await until(() => !isAlive(run.pid));
    await run.line(/later/);
    process.kill(pid, 'SIGTERM');
    assert.deepEqual(await ending(run), ['SIGTERM', 143]);
  });

  test('under nohup the end of the terminal is no end, SIGTERM is', async (t) => {
    const run = runRecorded(t, { instead: onTerminal(`bash -c 'nohup ${up} >log 2>&1 & wait'`) });
    const pid = await isUp(run);
    run.signal('SIGKILL');
    await until(() => !isAlive(run.pid));
    process.kill(pid, 'SIGHUP');
    await until(() => /later/.test(readFileSync(join(run.folder, 'log'), 'utf8')));
    process.kill(pid, 'SIGTERM');
    assert.deepEqual(await ending(run), ['SIGTERM', 143]);
  });
});
