/** Ending tasks by id, waiting for some. */
import assert from 'node:assert/strict';
import {
  checkpoint,
  shield,
  sleep,
  sleepForever,
  TaskManager,
  TaskRegistry,
  TimeoutError,
} from '../../../../src/concurrency/index.ts';
import { cancels, failAt, type Lab, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

function withRegistry(proof: (manager: TaskManager, registry: TaskRegistry) => Promise<void>): Promise<void> {
  return TaskManager.run({}, (manager) => proof(manager, new TaskRegistry(manager)));
}

const stubborn = (lab: Lab, ms: number) => lab.cleaner('S', ms);

law('TR-1 cancel resolves after the task, clean-up included, has ended', async (lab) => {
  await withRegistry(async (manager, registry) => {
    const task = manager.spawn(stubborn(lab, 500), { id: 's' });
    await checkpoint();
    assert.equal(await registry.cancel('s'), true);
    assert.equal(lab.clock.now(), 500);
    assert.equal(task.state, 'cancelled');
  });
});

law(
  'TR-2 it is true only if it ended it: false for unknown and finished ones, and for one that came to its own end',
  async () => {
    await withRegistry(async (manager, registry) => {
      assert.equal(await registry.cancel('nobody'), false);
      await manager.spawn(() => 1, { id: 'done' }).result;
      assert.equal(await registry.cancel('done'), false);
      manager.spawn(() => shield(() => sleep(10)), { id: 'deaf' });
      await checkpoint();
      assert.equal(await registry.cancel('deaf'), false);
    });
  },
);

law(
  'TR-3 at its limit it says that it has not ended, and the task stays registered until it has',
  async (lab) => {
    await withRegistry(async (manager, registry) => {
      manager.spawn(stubborn(lab, 500), { id: 's' });
      await checkpoint();
      const error = await thrownBy(registry.cancel('s', { withinMs: 100 }));
      assert.ok(error instanceof TimeoutError);
      assert.match(error.message, /"s" has not ended 100 ms after it was cancelled/);
      assert.equal(manager.get('s')?.state, 'running');
      await manager.close();
      assert.equal(manager.get('s')?.state, 'cancelled');
      assert.equal(lab.clock.now(), 500);
    });
  },
);

law('TR-4 a clean-up error of the task goes to its handle, not to the canceller', async (lab) => {
  await withRegistry(async (manager, registry) => {
    const sore = manager.spawn(
      lab.cleaner('S', 5, () => assert.fail('sore')),
      { id: 's' },
    );
    await checkpoint();
    assert.equal(await registry.cancel('s'), true);
    assert.equal(shape(await thrownBy(sore.result)), 'sore');
    assert.equal(sore.state, 'failed');
  });
});

law("TR-5 the canceller's own cancellation is not swallowed", async (lab) => {
  await withRegistry(async (manager, registry) => {
    manager.spawn(stubborn(lab, 500), { id: 's' });
    await checkpoint();
    await whole(async (scope) => {
      const cancelling = registry.cancel('s');
      await sleep(10);
      scope.cancel();
      await cancels(cancelling);
    });
  });
});

law('TR-6 cancelWhere cancels all before it awaits any, and lists their ids', async (lab) => {
  await withRegistry(async (manager, registry) => {
    for (const id of ['a1', 'a2', 'b']) manager.spawn(lab.cleaner(id, 300), { id });
    await manager.spawn(() => 1, { id: 'a0' }).result;
    assert.deepEqual(await registry.cancelWhere(({ id }) => id.startsWith('a')), ['a1', 'a2']);
    assert.equal(lab.clock.now(), 300);
    assert.equal(manager.get('b')?.state, 'running');
    assert.deepEqual(await registry.cancelWhere(() => false), []);
  });
});

law('TR-7 waitAny gives id and outcome of the first to end, failed and cancelled ones too', async () => {
  await withRegistry(async (manager, registry) => {
    manager.spawn(sleepForever, { id: 'long' });
    manager.spawn(() => failAt(10, 'x'), { id: 'bad' });
    const failed = await registry.waitAny(['long', 'bad']);
    assert.equal(failed.id, 'bad');
    assert.equal(failed.outcome.state === 'failed' && shape(failed.outcome.error), 'x');
    manager.spawn(sleepForever, { id: 'c' }).cancel();
    assert.equal((await registry.waitAny(['long', 'c'])).outcome.state, 'cancelled');
    manager.spawn(() => 7, { id: 'good' });
    assert.deepEqual(await registry.waitAny(['good']), {
      id: 'good',
      outcome: { state: 'completed', value: 7 },
    });
  });
});

law('TR-7 a tie goes to the order of the ids', async () => {
  await withRegistry(async (manager, registry) => {
    for (const id of ['a', 'b']) manager.spawn(() => sleep(10), { id });
    assert.equal((await registry.waitAny(['b', 'a'])).id, 'b');
    assert.equal((await registry.waitAny(['a', 'b'])).id, 'a');
  });
});

law('TR-8 waitAny cancels nothing, unless asked with cancelOthers; then it awaits them too', async (lab) => {
  await withRegistry(async (manager, registry) => {
    manager.spawn(lab.cleaner('L', 300), { id: 'long' });
    manager.spawn(() => sleep(10), { id: 'first' });
    assert.equal((await registry.waitAny(['long', 'first'])).id, 'first');
    assert.equal(manager.get('long')?.state, 'running');
    assert.equal((await registry.waitAny(['long', 'first'], { cancelOthers: true })).id, 'first');
    assert.equal(manager.get('long')?.state, 'cancelled');
    assert.equal(lab.clock.now(), 310);
  });
});

law('TR-9 no ids, or an unknown one, throws', async () => {
  await withRegistry(async (_, registry) => {
    assert.ok((await thrownBy(registry.waitAny([]))) instanceof RangeError);
    assert.match(shape(await thrownBy(registry.waitAny(['nobody']))), /no task "nobody"/);
  });
});
