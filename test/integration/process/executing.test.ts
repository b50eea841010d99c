/** While a process is executed the kernel shows nothing of its environment for a moment. It is not overlooked then. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { readEnviron } from '../../../src/process/tree/proc/process-file.ts';
import { readProcessStat } from '../../../src/process/tree/proc/process-stat.ts';
import { noSign, type Sign } from '../../../src/process/tree/table/attribution.ts';
import { createProcessTable } from '../../../src/process/tree/table/table.ts';
import { createProcessLab } from '../../support/process-lab.ts';
import { programPath } from '../../support/programs.ts';

const LOOKS = 300;

test('G5 a daemon that is executed again and again is found by the first look', async (t) => {
  const lab = await createProcessLab(t);
  for (let daemons = 0; daemons < 50; daemons++) {
    const { instance, line } = await lab.launch([programPath('leave-executing-daemon.sh')]);
    const daemon = Number((await line(/^\d+$/m))[0]);
    await instance.exited;
    const found = (await instance.survivors()).map(({ pid }) => pid);
    assert.deepEqual(found, [daemon]);
    instance.kill();
    await instance.treeGone();
  }
});

test('its environment is shown whole, or said not to be', async (t) => {
  const child = spawn(programPath('leave-executing-daemon.sh'), ['again'], { env: { A: 'b' } });
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  let read = 0;
  for (let looks = 0; looks < LOOKS; looks++) {
    const environ = readEnviron(child.pid ?? assert.fail());
    if (environ?.isWhole === false) continue;
    assert.match(environ?.text ?? '', /(?:^|\0)A=b\0/);
    read += 1;
  }
  assert.ok(read > LOOKS / 2, `${read} of ${LOOKS}`);
});

test('an empty environment is whole; of one that has ended there is none', async (t) => {
  const child = spawn('env', ['-i', '/bin/sh', '-c', 'echo up; read line'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const pid = child.pid ?? assert.fail();
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  assert.deepEqual(readEnviron(pid), { text: '', isWhole: true });
  process.kill(pid, 'SIGKILL');
  // Nothing reaps it in this turn.
  while (readProcessStat(pid)?.dead === false);
  assert.equal(readEnviron(pid), undefined);
  await once(child, 'exit');
  assert.equal(readEnviron(pid), undefined);
});

test('who is being executed in a look is looked at again, though not for ever', async (t) => {
  const child = spawn('sleep', ['1000']);
  const pid = child.pid ?? assert.fail();
  t.after(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  let openFor = 3;
  const marked: Sign = { ...noSign, mark: '1/db', uid: 0 };
  const again = (asked: number): Sign => {
    if (asked !== pid) return noSign;
    openFor -= 1;
    return openFor >= 0 ? { ...noSign, isOpen: true } : marked;
  };
  const table =
    createProcessTable({ again, of: again, line: () => [], isBelow: () => true }) ?? assert.fail();
  t.after(() => table.dispose());
  assert.equal(table.now().isWhole, false);
  const snapshot = await table.next();
  assert.deepEqual([snapshot.isWhole, snapshot.byMarker.get('1/db')?.map((each) => each.pid)], [true, [pid]]);
  openFor = Number.POSITIVE_INFINITY;
  assert.equal((await table.next()).isWhole, false);
});
