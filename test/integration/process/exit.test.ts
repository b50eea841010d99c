import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProcessLab } from '../../support/process-lab.ts';

for (const code of [0, 1, 3, 255]) {
  test(`exit code ${code} is reported`, async (t) => {
    const lab = await createProcessLab(t);
    const { instance, puppet } = await lab.puppet();
    puppet.orderLast('exit', code);
    assert.deepEqual(await instance.exited, { kind: 'code', code });
  });
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL', 'SIGABRT']) {
  test(`an end by ${signal} is reported as that signal`, async (t) => {
    const lab = await createProcessLab(t);
    const { instance, puppet } = await lab.puppet();
    puppet.orderLast('die', signal);
    assert.deepEqual(await instance.exited, { kind: 'signal', signal });
  });
}

test('a simple shell command is the main process itself', async (t) => {
  const lab = await createProcessLab(t);
  const { instance } = await lab.launch({ kind: 'shell', script: 'sleep 1000\n' });
  const [main, ...more] = await instance.survivors();
  assert.deepEqual(more, []);
  assert.equal(main?.pid, instance.pid);
  assert.equal(main?.command, 'sleep 1000');
});

test('a hundred launched at once all run, and let the loop turn between them', async (t) => {
  const lab = await createProcessLab(t);
  let turns = 0;
  let counting = true;
  const count = (): void => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  const all = await Promise.all(Array.from({ length: 100 }, () => lab.launch(['sleep', '1000'])));
  counting = false;
  assert.equal(new Set(all.map(({ instance }) => instance.pid)).size, 100);
  assert.ok(turns > 3, `${turns} turns`);
});
