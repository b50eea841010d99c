/**
 * A guardian that is killed or stopped while the services run, and one that doesn't leave: told, replaced, not left behind.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { guardiansOf, servicesOf, turnEnded } from '../support/guard-lab.ts';
import { forms, hasHelper } from '../support/has-helper.ts';
import { isAlive } from '../support/process-lab.ts';
import { programPath } from '../support/programs.ts';
import { runOrderly } from '../support/run-orderly.ts';
import { until } from '../support/until.ts';

const config = 'services: { a: { command: [sleep, "1000"] } }';

const livingGuardian = (supervisor: number): number | undefined => guardiansOf(supervisor).find(isAlive);

async function guardianOf(supervisor: number, but?: number): Promise<number> {
  await until(() => ![undefined, but].includes(livingGuardian(supervisor)));
  return livingGuardian(supervisor) ?? assert.fail();
}

for (const [signal, how] of [
  ['SIGKILL', 'was killed by SIGKILL'],
  ['SIGSTOP', 'was stopped'],
] as const) {
  test(`G6 a guardian that gets ${signal} is told and replaced, with all that it knew`, async (t) => {
    const run = runOrderly(t, { config, env: { ORDERLY_HELPER: 'off' }, mayLeaveProcesses: true });
    await run.event('service.ready');
    const first = await guardianOf(run.pid);
    process.kill(first, signal);
    await run.event((event) => event.type === 'run.note' && event.text.includes(`(pid ${first})`));
    assert.ok(run.events.some((event) => event.type === 'run.note' && event.text.includes(how)));
    await guardianOf(run.pid, first);
    // It is seen from its fork on; in the turn of that it is told what it has to know.
    await turnEnded(run);
    run.signal('SIGKILL');
    await run.ended;
    await until(() => servicesOf(run.pid).length === 0);
  });
}

suite('the helper is lost', { skip: !hasHelper && 'there is none' }, () => {
  for (const [signal, how] of [
    ['SIGKILL', 'was killed by SIGKILL'],
    ['SIGSTOP', 'was stopped'],
  ] as const) {
    test(`G6 a helper that gets ${signal} takes what it has started with it, which is told, and a shell guards the rest`, async (t) => {
      const tree = `services: { a: { command: ['${programPath('e2e/shell-with-tree.sh')}'], restart: { delay: 10ms } } }`;
      const run = runOrderly(t, { config: tree, mayLeaveProcesses: true });
      await run.event('service.ready');
      const before = servicesOf(run.pid);
      const helper = await guardianOf(run.pid);
      process.kill(helper, signal);
      const { text } = await run.event('run.note');
      assert.ok(text.includes(`the helper (pid ${helper})`) && text.includes(how), text);
      assert.equal((await run.event('service.exited')).signal, 'SIGKILL');
      await run.event('service.ready', { attempt: 2 });
      assert.ok(!before.some(isAlive));
      await guardianOf(run.pid, helper);
      await turnEnded(run);
      run.signal('SIGKILL');
      await run.ended;
      await until(() => servicesOf(run.pid).length === 0);
    });
  }
});

for (const [form, env] of forms)
  test(`a guardian that is stopped when it should leave is ended: ${form}`, async (t) => {
    const run = runOrderly(t, { config, env });
    await run.event('service.ready');
    const guardian = await guardianOf(run.pid);
    process.kill(guardian, 'SIGSTOP');
    run.signal('SIGTERM');
    const { status } = await run.ended;
    assert.equal(status, 143);
    assert.equal(isAlive(guardian), false);
  });

test('the end of a run leaves no child behind, nor a zombie of one', async (t) => {
  const run = runOrderly(t, { config: 'services: { a: { type: task, command: ["true"] } }' });
  const { status } = await run.ended;
  assert.equal(status, 0);
  assert.deepEqual(guardiansOf(run.pid), []);
  assert.throws(() => readFileSync(`/proc/${run.pid}/stat`));
});
