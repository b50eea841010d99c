/**
 * Processes that come to a graph that runs, are replaced there, and leave it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { untilAborted } from '../../../src/concurrency/index.ts';
import { defineService } from '../../../src/library/definition.ts';
import { supervise } from '../../../src/library/supervise.ts';
import { livingStats } from '../../../src/process/tree/proc/process-stat.ts';

const hub = defineService({
  name: 'hub',
  async run({ started, shutdown }) {
    started({ port: 7 });
    await untilAborted(shutdown);
  },
});
const sleeper = (script: string) =>
  defineService({
    name: 'worker',
    command: `${script}; echo up; exec sleep 1000`,
    ready: { log: 'up' },
    restart: 'no',
  });

test('G5 a process is added to a graph of functions, replaced by a reload, and removed: nothing of it is left', async () => {
  const printed: string[] = [];
  const run = supervise([hub], {
    signals: [],
    onOutput: (_, __, ___, chunk) => void printed.push(String(chunk ?? '')),
  });
  await run.ready;
  const pidOf = (): number => {
    const worker = run.status.services.get('worker');
    assert.ok(worker?.state === 'ready' && worker.pid !== undefined);
    return worker.pid;
  };
  assert.equal((await run.add(sleeper('echo one'))).outcome, 'reached');
  const first = pidOf();
  assert.equal((await run.reload([hub, sleeper('echo two')])).outcome, 'reached');
  const second = pidOf();
  assert.deepEqual(livingStats([first]), []);
  assert.equal((await run.remove('worker')).outcome, 'reached');
  assert.deepEqual(livingStats([second]), []);
  await run.down();
  assert.match(printed.join(''), /one\nup\n[\s\S]*two\nup\n/);
});

test('what is to run before a process does, with values of a function', async () => {
  const printed: string[] = [];
  const made = defineService({
    name: 'made',
    dependsOn: [hub],
    before: ['echo "before ${hub.port}"', [process.execPath, '-e', 'console.log("and then")']],
    command: 'echo up; exec sleep 1000',
    ready: { log: 'up' },
  });
  const run = supervise([hub, made], {
    signals: [],
    onOutput: (_, __, ___, chunk) => void printed.push(String(chunk ?? '')),
  });
  await run.ready;
  await run.down();
  assert.equal(printed.join(''), 'before 7\nand then\nup\n');
});

test('a program that is not there refuses the reload, and what runs runs on', async () => {
  const good = sleeper('echo one');
  const run = supervise([hub, good], { signals: [], onOutput: () => {} });
  await run.ready;
  const gone = defineService({ name: 'worker', command: ['no-such-program-here'], restart: 'no' });
  const { outcome, why } = await run.reload([hub, gone]);
  assert.deepEqual(
    [outcome, why],
    ['refused', '"worker" can\'t be started here: "no-such-program-here" is not on the PATH'],
  );
  assert.equal(run.status.services.get('worker')?.attempt, 1);
  await run.down();
});

test('a new command that fails leads back to the process of before', async () => {
  const run = supervise([hub, sleeper('echo one')], { signals: [], onOutput: () => {} });
  await run.ready;
  const { outcome, why = '' } = await run.reload([hub, sleeper('exit 3')]);
  assert.equal(outcome, 'failed');
  assert.match(why, /^"worker" exited with code 3 .*, before it was ready; rolled back$/);
  const worker = run.status.services.get('worker');
  assert.deepEqual([worker?.state, worker?.attempt], ['ready', 3]);
  await run.down();
});
