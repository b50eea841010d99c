/** When a group begins and ends, and what it gives back. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  checkpoint,
  moveOnAfter,
  sleep,
  sleepForever,
  type TaskGroup,
  type TaskHandle,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { cancels, law, shape, thrownBy } from '../../../support/concurrency-lab.ts';

law('TG-1 a group settles only when the body and every child have ended', async (lab) => {
  await taskGroup(async (group) => {
    group.startSoon(() => sleep(3000));
    group.startSoon(() => sleep(1000));
    await sleep(2000);
  });
  assert.equal(lab.clock.now(), 3000);
});

law('TG-1 a group whose children are gone waits for its body', async (lab) => {
  await taskGroup(async (group) => {
    group.startSoon(() => undefined);
    await sleep(2000);
  });
  assert.equal(lab.clock.now(), 2000);
});

law('TG-2 a group resolves with the value of its body', async () => {
  assert.equal(await taskGroup(() => 7), 7);
  assert.equal(await taskGroup(async () => 8), 8);
});

law('TG-3 a group cancelled after its body returned resolves with that value', async () => {
  const value = await taskGroup((group) => {
    group.startSoon(() => sleepForever());
    group.startSoon(async () => {
      await sleep(1000);
      group.cancel();
    });
    return 'value';
  });
  assert.equal(value, 'value');
});

law('TG-3 a group whose body was interrupted resolves with undefined', async () => {
  const value = await taskGroup(async (group) => {
    group.cancel();
    await checkpoint();
    return 'value';
  });
  assert.equal(value, undefined);
});

law(
  'TG-4 startSoon returns the task’s handle before the first line of the child runs; only the handle has its value',
  async (lab) => {
    let handle: TaskHandle<string> | undefined;
    const value: unknown = await taskGroup((group) => {
      handle = group.startSoon(() => {
        lab.note('child');
        return 'given';
      });
      assert.equal(handle.state, 'pending');
      lab.note('body');
    });
    lab.saw('body child');
    assert.equal(value, undefined);
    assert.equal(await handle?.result, 'given');
  },
);

law('TG-5 children begin in the order of startSoon', async (lab) => {
  await taskGroup((group) => {
    for (const name of ['A', 'B', 'C']) group.startSoon(() => lab.note(name));
  });
  lab.saw('A B C');
});

law('TG-31 a child may start another while the group waits, even as the last child', async (lab) => {
  await taskGroup((group) => {
    group.startSoon(async () => {
      await sleep(1000);
      group.startSoon(async () => {
        await sleep(1000);
        lab.noteTime('grandchild');
      });
    });
  });
  lab.saw('grandchild(2s)');
});

law(
  'TG-32 on a closed group startSoon throws, start rejects, and neither calls the function',
  async (lab) => {
    let closed: TaskGroup | undefined;
    await taskGroup((group) => {
      closed = group;
    });
    assert.throws(() => closed?.startSoon(() => lab.note('called')), /has ended/);
    await assert.rejects(async () => closed?.start(async () => lab.note('called')), /has ended/);
    await checkpoint();
    lab.saw('');
  },
);

law('TG-33 startSoon into a cancelled but open group runs the child up to its first wait', async (lab) => {
  await taskGroup((group) => {
    group.cancel();
    group.startSoon(async () => {
      lab.note('begun');
      await cancels(checkpoint());
      lab.note('cancelled');
    });
  });
  lab.saw('begun cancelled');
});

law('TG-35 a child spawned before the cancellation, but not begun, still begins', async (lab) => {
  await taskGroup((group) => {
    group.startSoon(async () => {
      lab.note('begun');
      await checkpoint();
      lab.note('not reached');
    });
    group.cancel();
  });
  lab.saw('begun');
});

law('TG-36 leaving a group with nothing to wait for is not a cancellation point', async (lab) => {
  const scope = new CancelScope();
  await scope.run(async () => {
    await taskGroup(() => scope.cancel());
    lab.note('after');
  });
  lab.saw('after');
  assert.equal(scope.cancelledCaught, false);
});

law(
  'TG-37 a child that cannot be interrupted keeps the group open; its failure joins the error',
  async (lab) => {
    let finish = (): void => undefined;
    const foreign = new Promise<void>((resolve) => {
      finish = resolve;
    });
    lab.clock.at(5000, finish);
    const error = await thrownBy(
      taskGroup((group) => {
        group.startSoon(async () => {
          await foreign;
          throw new Error('late');
        });
        group.startSoon(async () => {
          await sleep(1000);
          throw new Error('first');
        });
      }),
    );
    assert.equal(shape(error), '[first,late]');
    assert.equal(lab.clock.now(), 5000);
  },
);

law('TG-1 a limit around a group does not leave before the children', async (lab) => {
  await moveOnAfter(1000, () =>
    taskGroup((group) => {
      group.startSoon(lab.cleaner('A', 2000));
    }),
  );
  lab.noteTime('left');
  lab.saw('A.cancelled A.cleaned left(3s)');
});
