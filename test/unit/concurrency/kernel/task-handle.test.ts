/** What whoever started a task of a group holds in hand. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  CancelScope,
  checkpoint,
  sleep,
  sleepForever,
  TaskCancelledError,
  type TaskGroup,
  type TaskHandle,
  TaskManager,
  taskGroup,
  wait,
} from '../../../../src/concurrency/index.ts';
import { collectGarbage } from '../../../support/collect-garbage.ts';
import { cancels, failAt, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';
import { property } from '../../../support/property.ts';

law('a handle: its state, and its result during the group and after it', async () => {
  const handles: TaskHandle<string>[] = [];
  await taskGroup(async (group) => {
    const task = async (): Promise<string> => {
      await sleep(10);
      return 'given';
    };
    for (const name of ['early', 'late']) handles.push(group.startSoon(task, { name }));
    const [early] = handles as [TaskHandle<string>];
    assert.deepEqual([early.name, early.state], ['early', 'pending']);
    await checkpoint();
    assert.equal(early.state, 'running');
    assert.equal(await wait(early.result), 'given');
    assert.equal(early.state, 'completed');
  });
  assert.deepEqual(await Promise.all(handles.map(({ result }) => result)), ['given', 'given']);
  assert.equal(handles[1]?.result, handles[1]?.result);
});

law('a handle of a function that is not async, and one of a thenable', async () => {
  await taskGroup(async (group) => {
    const plain: TaskHandle<number> = group.startSoon(() => 1);
    const thenable: TaskHandle<string> = group.startSoon(() => ({
      // biome-ignore lint/suspicious/noThenProperty: it is what is tested
      then: (resolve: (value: string) => void) => resolve('x'),
    })) as TaskHandle<string>;
    assert.deepEqual(await Promise.all([plain.result, thenable.result]), [1, 'x']);
  });
});

law(
  'a failing task: the handle has the very error, and the group fails as it does without a look',
  async () => {
    const error = new Error('a');
    for (const isSeen of [true, false]) {
      let handle: TaskHandle<never> | undefined;
      const thrown = await thrownBy(
        taskGroup(async (group) => {
          handle = group.startSoon(() => Promise.reject(error));
          if (isSeen) handle.result.catch(() => undefined);
          await sleepForever();
        }),
      );
      assert.equal(shape(thrown), '[a]');
      assert.equal(handle?.state, 'failed');
      assert.equal(await thrownBy(handle!.result), error);
    }
  },
);

law('whatever is thrown, the handle has it as it is', async () => {
  for (const thrown of [undefined, null, 0, 'text', {}]) {
    const handles: TaskHandle<never>[] = [];
    const toss = async (): Promise<never> => {
      await checkpoint();
      throw thrown;
    };
    await taskGroup((group) => {
      group.startSoon(async () => {
        // Started and failed before it said so: the failure is that of `start` alone.
        await group.start(toss).catch(() => undefined);
        const inner = taskGroup((tasks) => void handles.push(tasks.startSoon(toss)));
        await inner.catch(() => undefined);
      });
    });
    const seen = await handles[0]!.result.catch((error: unknown) => ({ error }));
    assert.ok('error' in seen && Object.is(seen.error, thrown));
    assert.equal(handles[0]!.state, 'failed');
  }
});

law('cancel ends one task from outside, and nothing else', async (lab) => {
  await taskGroup(async (group) => {
    const one = group.startSoon(lab.cleaner('one', 500), { name: 'one' });
    const other = group.startSoon(() => sleep(1000).then(() => 'fine'));
    await checkpoint();
    one.cancel('enough');
    assert.equal(one.state, 'running');
    await one.wait();
    lab.noteTime('gone');
    assert.equal(one.state, 'cancelled');
    const error = await thrownBy(one.result);
    assert.ok(error instanceof TaskCancelledError);
    assert.deepEqual([error.id, error.message], ['one', 'Task "one" was cancelled: enough']);
    assert.equal(await other.result, 'fine');
    one.cancel('again');
    assert.equal(one.state, 'cancelled');
  });
  lab.saw('one.cancelled one.cleaned gone(0.5s)');
});

law('a task that is cancelled before it begins runs up to its first wait', async (lab) => {
  await taskGroup((group) => {
    const waits = group.startSoon(async () => {
      lab.note('begun');
      await sleep(1);
      lab.note('never');
    });
    const ends = group.startSoon(() => 'whole');
    waits.cancel();
    ends.cancel();
    group.startSoon(async () => {
      assert.equal(await wait(ends.result), 'whole');
      await waits.wait();
      assert.deepEqual([waits.state, ends.state], ['cancelled', 'completed']);
    });
  });
  lab.saw('begun');
});

law('a task that its group’s collapse cut is cancelled, and one that then throws has failed', async () => {
  let handles: TaskHandle<unknown>[] = [];
  const failing = taskGroup((group) => {
    const cleansUpBadly = async () => {
      await sleepForever().catch(() => undefined);
      throw new Error('b');
    };
    handles = [sleepForever, cleansUpBadly, () => failAt(1, 'a')].map((fn) => group.startSoon(() => fn()));
  });
  assert.equal(shape(await thrownBy(failing)), '[a,b]');
  assert.deepEqual(
    handles.map(({ state }) => state),
    ['cancelled', 'failed', 'failed'],
  );
  assert.ok((await thrownBy(handles[0]!.result)) instanceof TaskCancelledError);
});

law(
  'wait obeys its caller: cancelled, the task goes on; a task cannot wait for itself, nor can those inside of it',
  async () => {
    await taskGroup(async (group) => {
      const slow = group.startSoon(() => sleep(100), { name: 'slow' });
      await new CancelScope({ timeoutMs: 10 }).run(() => slow.wait());
      assert.equal(slow.state, 'running');
      await whole(async (scope) => {
        scope.cancel();
        await cancels(slow.wait());
      });
      const self: TaskHandle<void> = group.startSoon(
        async () => assert.match(shape(await thrownBy(self.wait())), /"self" in itself/),
        { name: 'self' },
      );
      const outer: TaskHandle<void> = group.startSoon(
        () =>
          taskGroup((inner) => {
            inner.startSoon(async () =>
              assert.match(shape(await thrownBy(outer.wait())), /"outer" in itself/),
            );
          }),
        { name: 'outer' },
      );
      await outer.wait();
      assert.deepEqual([self.state, outer.state], ['completed', 'completed']);
      await slow.wait();
      assert.equal(slow.state, 'completed');
      await slow.wait();
    });
    await TaskManager.run({}, async (manager) => {
      const self: TaskHandle<void> = manager.spawn(async () =>
        assert.match(shape(await thrownBy(self.wait())), /in itself/),
      );
      await self.wait();
      assert.equal(self.state, 'completed');
    });
  },
);

law('a finished task whose handle nobody keeps is garbage, and a kept handle keeps no function', async () => {
  const dropped: WeakRef<object>[] = [];
  let kept: TaskHandle<unknown> | undefined;
  await taskGroup(async (group) => {
    const begin = (): void => {
      const large = { bytes: new Uint8Array(1000) };
      const fn = (): number => large.bytes.length;
      const handle = group.startSoon(fn);
      kept = group.startSoon(() => fn());
      dropped.push(new WeakRef(large), new WeakRef(handle));
    };
    begin();
    await checkpoint();
    await collectGarbage();
    await collectGarbage();
    assert.deepEqual(
      dropped.map((one) => one.deref()),
      [undefined, undefined],
    );
    assert.equal(kept?.state, 'completed');
  });
});

const spec = fc.record({
  /** How long it works, whether it then fails, and how long it cleans up, throwing or not. */
  forMs: fc.nat(4),
  end: fc.constantFrom('gives', 'gives', 'throws', 'swallows'),
  cleanMs: fc.nat(2),
  isBad: fc.boolean(),
  cancelAtMs: fc.option(fc.nat(5), { nil: undefined }),
  isSeen: fc.boolean(),
});

property(
  'TG-16 TG-18 TG-20 JS-3 a handle tells what became of its task, whoever fails, is cancelled, and looks, and changes nothing of it',
  fc.record({
    specs: fc.array(spec, { maxLength: 6 }),
    groupAtMs: fc.option(fc.nat(6), { nil: undefined }),
    outerMs: fc.option(fc.nat(6), { nil: Number.POSITIVE_INFINITY }),
  }),
  async ({ specs, groupAtMs, outerMs }) => {
    /** What each function did, as it saw it itself. */
    const seen = new Map<number, { kind: 'completed' | 'cancelled' | 'failed'; what: unknown }>();
    const thrown: unknown[] = [];
    const handles: TaskHandle<string>[] = [];
    const begin = (group: TaskGroup, index: number): TaskHandle<string> => {
      const { forMs, end, cleanMs, isBad } = specs[index]!;
      const note = (kind: 'completed' | 'cancelled' | 'failed', what: unknown): void => {
        seen.set(index, { kind, what });
        if (kind === 'failed') thrown.push(what);
      };
      return group.startSoon(async () => {
        try {
          await sleep(forMs);
          if (end !== 'throws') {
            note('completed', `value ${index}`);
            return `value ${index}`;
          }
        } catch (cancellation) {
          const cleaning = new CancelScope({ shield: true });
          await cleaning.run(() => sleep(cleanMs));
          if (isBad) {
            const error = new Error(`clean-up of ${index}`);
            note('failed', error);
            throw error;
          }
          if (end === 'swallows') {
            note('completed', 'swallowed');
            return 'swallowed';
          }
          note('cancelled', undefined);
          throw cancellation;
        }
        const error = new Error(`task ${index}`);
        note('failed', error);
        throw error;
      });
    };
    const outer = new CancelScope({ timeoutMs: outerMs });
    let groupError: unknown;
    await outer
      .run(() =>
        taskGroup(async (group) => {
          for (const index of specs.keys()) {
            const handle = begin(group, index);
            handles.push(handle);
            if (specs[index]!.isSeen) handle.result.catch(() => undefined);
          }
          for (const [index, { cancelAtMs }] of specs.entries()) {
            if (cancelAtMs === undefined) continue;
            group.startSoon(async () => {
              await sleep(cancelAtMs);
              handles[index]!.cancel('one');
            });
          }
          if (groupAtMs !== undefined) {
            group.startSoon(async () => {
              await sleep(groupAtMs);
              group.cancel('all');
            });
          }
        }),
      )
      .catch((error: unknown) => {
        groupError = error;
      });
    assert.deepEqual(groupError === undefined ? [] : (groupError as AggregateError).errors, thrown);
    for (const [index, handle] of handles.entries()) {
      const { kind, what } = seen.get(index)!;
      assert.equal(handle.state, kind);
      const outcome = await handle.result.then(
        (value) => ({ kind: 'completed', what: value as unknown }),
        (error: unknown) =>
          error instanceof TaskCancelledError
            ? { kind: 'cancelled', what: undefined }
            : { kind: 'failed', what: error },
      );
      assert.deepEqual([outcome.kind, outcome.what], [kind, what]);
    }
  },
);
