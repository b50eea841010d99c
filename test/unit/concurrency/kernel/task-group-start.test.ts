/** `start`: a child that says when it is ready. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  checkpoint,
  isCancelled,
  moveOnAfter,
  shield,
  sleep,
  sleepForever,
  type TaskContext,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { cancels, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

law('TG-6 start resolves with what the child gave to started; the child runs on', async (lab) => {
  await taskGroup(async (group) => {
    const value = await group.start<number>(async (task) => {
      await sleep(1000);
      task.started(42);
      await sleep(1000);
      lab.noteTime('child');
    });
    lab.noteTime(`got${value}`);
  });
  lab.saw('got42(1s) child(2s)');
});

law('TG-6 start resolves with undefined if the child gave nothing', async () => {
  await taskGroup(async (group) => {
    assert.equal(await group.start(async ({ started }) => started()), undefined);
  });
});

law('TG-7 a second started() throws in the child, and the first value stands', async () => {
  await taskGroup(async (group) => {
    const value = await group.start<number>(async (task) => {
      task.started(1);
      assert.throws(() => task.started(2), /again/);
    });
    assert.equal(value, 1);
  });
});

law('TG-8 a child that returns before started() makes start reject with an error that says so', async () => {
  await taskGroup(async (group) => {
    await assert.rejects(
      group.start(async () => undefined, { name: 'db' }),
      /"db".*before it called started/,
    );
  });
});

law('TG-9 a child that throws before started() makes start reject with that error itself', async () => {
  await taskGroup(async (group) => {
    const failure = new Error('no port');
    const error = await thrownBy(
      group.start(async () => {
        await sleep(10);
        throw failure;
      }),
    );
    assert.equal(error, failure);
  });
});

law('TG-10 if the body catches what start threw, siblings and group run on', async (lab) => {
  await taskGroup(async (group) => {
    group.startSoon(async () => {
      await sleep(2000);
      lab.noteTime('sibling');
    });
    await thrownBy(group.start(() => Promise.reject(new Error('A'))));
    await thrownBy(group.start(async () => undefined));
    await sleep(1000);
    lab.noteTime('body');
  });
  lab.saw('body(1s) sibling(2s)');
});

law(
  'TG-11 until started(), scopes around start cancel the child, and start ends only after it',
  async (lab) => {
    await taskGroup(async (group) => {
      await moveOnAfter(1000, async () => {
        try {
          await group.start(lab.cleaner('child', 2000));
        } finally {
          lab.noteTime('start.ended');
        }
      });
      assert.equal(group.scope.cancelCalled, false);
    });
    lab.saw('child.cancelled child.cleaned start.ended(3s)');
  },
);

law('TG-11 until started(), a scope cancelled before the child has begun reaches it too', async (lab) => {
  await taskGroup(async (group) => {
    const scope = new CancelScope();
    await scope.run(async () => {
      scope.cancel();
      await cancels(group.start(lab.cancellee('child')));
    });
  });
  lab.saw('child.start child.cancelled');
});

law('TG-11 a shield around start does not keep the group’s own cancellation from the child', async (lab) => {
  await taskGroup(async (group) => {
    group.startSoon(async () => {
      await sleep(1000);
      group.cancel();
    });
    await shield(() => thrownBy(group.start(lab.cancellee('child'))));
  });
  lab.saw('child.start child.cancelled');
});

law(
  'TG-11 a child that swallows that cancellation and returns: start was cancelled, and says so',
  async () => {
    await taskGroup(async (group) => {
      await whole(async () => {
        await cancels(group.start(() => cancels(sleepForever())));
      }, 1000);
    });
  },
);

law('TG-11 a pending child cancelled by its own scope and by that of start: the latter absorbs', async () => {
  await taskGroup(async (group) => {
    const outer = new CancelScope();
    let own: CancelScope | undefined;
    await outer.run(() =>
      group.start(async ({ scope }) => {
        own = scope;
        scope.cancel();
        outer.cancel();
        await checkpoint();
      }),
    );
    assert.deepEqual([own?.cancelledCaught, outer.cancelledCaught], [false, true]);
  });
});

law('TG-12 after started(), scopes around start no longer reach the child', async (lab) => {
  await taskGroup(async (group) => {
    await moveOnAfter(1000, async () => {
      await group.start(async (task) => {
        task.started();
        await sleep(3000);
        lab.noteTime('child');
      });
      await sleepForever();
    });
    lab.noteTime('left');
  });
  lab.saw('left(1s) child(3s)');
});

law('TG-13 started() after its start was cancelled does not throw and changes nothing', async (lab) => {
  await taskGroup(async (group) => {
    await moveOnAfter(1000, async () => {
      await cancels(
        group.start(async (task) => {
          await shield(() => sleep(2000));
          task.started('late');
          lab.noteTime('started');
          await checkpoint();
          lab.note('not reached');
        }),
      );
      lab.noteTime('start.ended');
      await checkpoint();
    });
  });
  lab.saw('started(2s) start.ended(2s)');
});

law('TG-14 several starts may be pending at once, each resolves at its own started()', async (lab) => {
  await taskGroup(async (group) => {
    const child = (ms: number) => async (task: TaskContext<number>) => {
      await sleep(ms);
      task.started(ms);
    };
    const started = [300, 100, 200].map(async (ms) => lab.noteTime(`got${await group.start(child(ms))}`));
    await Promise.all(started);
  });
  lab.saw('got100(0.1s) got200(0.2s) got300(0.3s)');
});

law('TG-15 a child started with startSoon may call started(), without effect', async (lab) => {
  await taskGroup((group) => {
    group.startSoon(async (task) => {
      task.started('nothing');
      task.started('again');
      lab.note('end');
    });
  });
  lab.saw('end');
});

law('TG-34 start into a cancelled group runs the child up to its first wait, and rejects', async (lab) => {
  await taskGroup(async (group) => {
    group.cancel();
    const error = await thrownBy(
      group.start(async (task) => {
        lab.note('begun');
        await checkpoint();
        task.started();
      }),
    );
    assert.ok(isCancelled(error), shape(error));
  });
  lab.saw('begun');
});

law('TG-34 start in a cancelled scope keeps what a child gave that completed without a wait', async () => {
  const child = async (task: TaskContext<string>): Promise<void> => task.started('socket');
  await taskGroup(async (group) => {
    const scope = new CancelScope();
    const got = await scope.run(async () => {
      scope.cancel();
      return group.start(child);
    });
    assert.deepEqual([got, scope.cancelledCaught], ['socket', false]);
  });
  await taskGroup(async (group) => {
    group.cancel();
    assert.equal(await group.start(child), 'socket');
  });
});

law('TG-34 what it throws after started() in a cancelled scope comes out of start', async () => {
  await taskGroup(async (group) => {
    const scope = new CancelScope();
    await scope.run(async () => {
      scope.cancel();
      const error = await thrownBy(
        group.start(async (task: TaskContext<string>) => {
          task.started('socket');
          throw new Error('whoops');
        }),
      );
      assert.equal(shape(error), 'whoops');
    });
  });
});
