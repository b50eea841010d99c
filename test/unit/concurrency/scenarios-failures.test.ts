/** Whole stories about failures, with the order of events that trio shows. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  checkpoint,
  isCancelled,
  moveOnAfter,
  Queue,
  shield,
  sleep,
  sleepForever,
  taskGroup,
} from '../../../src/concurrency/index.ts';
import { cancels, failAt, type Lab, law, shape, thrownBy } from '../../support/concurrency-lab.ts';

/** Runs a group that fails and notes what it raises. */
async function raises(lab: Lab, group: Promise<unknown>, name = 'group'): Promise<void> {
  lab.note(`${name}.raises${shape(await thrownBy(group))}`);
}

function fails(lab: Lab, name: string): () => Promise<never> {
  return async () => {
    await sleep(1000);
    lab.note(`${name}.fail`);
    throw new Error(name);
  };
}

function throwing(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

law('X1 A fails, B and C clean up', async (lab) => {
  const group = taskGroup((tasks) => {
    tasks.startSoon(fails(lab, 'A'));
    tasks.startSoon(lab.cleaner('B', 1000));
    tasks.startSoon(lab.cleaner('C', 2000));
  });
  await raises(lab, group);
  lab.saw('A.fail {B.cancelled C.cancelled} B.cleaned C.cleaned group.raises[A]');
  assert.equal(lab.clock.now(), 3000);
});

law('X2 A fails, B and C clean up and then throw', async (lab) => {
  const group = taskGroup((tasks) => {
    tasks.startSoon(fails(lab, 'A'));
    tasks.startSoon(lab.cleaner('B', 2000, throwing('b')));
    tasks.startSoon(lab.cleaner('C', 1000, throwing('c')));
  });
  await raises(lab, group);
  lab.saw('A.fail {B.cancelled C.cancelled} C.cleaned B.cleaned group.raises[A,c,b]');
});

law('X4 cache fails before started', async (lab) => {
  const group = taskGroup(async (tasks) => {
    await tasks.start(async (task) => {
      lab.note('db.start');
      task.started();
      lab.note('db.started');
      await lab.cleaner('db', 1000)();
    });
    await tasks.start(async () => {
      lab.note('cache.start');
      await fails(lab, 'cache')();
    });
    await tasks.start(async () => lab.note('api.start'));
  });
  await raises(lab, group);
  lab.saw('db.start db.started cache.start cache.fail db.cancelled db.cleaned group.raises[cache]');
});

law('X6 a watchdog trips; a shielded cascade is cancelled again midway', async (lab) => {
  const outer = new CancelScope();
  await outer.run(async () => {
    const group = taskGroup((tasks) => {
      tasks.startSoon(lab.cancellee('breaker'));
      tasks.startSoon(async () => {
        await sleep(1000);
        lab.note('trip');
        throw new Error('stale');
      });
    });
    await raises(lab, group);
    lab.clock.at(2500, () => {
      lab.note('second.cancel');
      outer.cancel();
    });
    await shield(async () => {
      await sleep(1000);
      lab.note('orders.cancelled');
      await sleep(1000);
      lab.note('flat');
    });
    lab.note('logged');
    await checkpoint();
    lab.note('not.reached');
  });
  if (outer.cancelledCaught) lab.note('outer.caught');
  lab.saw(
    `breaker.start trip breaker.cancelled group.raises[stale] orders.cancelled second.cancel flat logged outer.caught`,
  );
});

law('X12 an inner group fails, with a sibling in the outer one', async (lab) => {
  const group = taskGroup((outer) => {
    outer.startSoon(() => sleepForever().finally(() => lab.note('O.cancelled')));
    outer.startSoon(() =>
      taskGroup((inner) => {
        inner.startSoon(fails(lab, 'A'));
        inner.startSoon(lab.cleaner('I', 1000));
      }),
    );
  });
  await raises(lab, group, 'outer');
  lab.saw('A.fail I.cancelled I.cleaned O.cancelled outer.raises[[A]]');
});

law('X15 a child spawns during the collapse', async (lab) => {
  const group = taskGroup((tasks) => {
    tasks.startSoon(fails(lab, 'A'));
    tasks.startSoon(async () => {
      await cancels(sleepForever());
      lab.note('C.cancelled');
      tasks.startSoon(lab.cancellee('G'));
    });
  });
  await raises(lab, group);
  lab.saw('A.fail C.cancelled G.start G.cancelled group.raises[A]');
});

law('X20 the body fails, a child throws while cleaning up', async (lab) => {
  const group = taskGroup(async (tasks) => {
    tasks.startSoon(lab.cleaner('A', 1000, throwing('a')));
    await fails(lab, 'body')();
  });
  await raises(lab, group);
  lab.saw('body.fail A.cancelled A.cleaned group.raises[body,a]');
});

law('X24 the outer scope is cancelled, A throws, B cleans up', async (lab) => {
  const outer = new CancelScope();
  lab.clock.at(1000, () => {
    lab.note('cancel');
    outer.cancel();
  });
  const run = outer.run(() =>
    taskGroup((tasks) => {
      tasks.startSoon(async () => {
        await cancels(sleepForever());
        lab.note('A.cancelled');
        throw new Error('a');
      });
      tasks.startSoon(lab.cleaner('B', 1000));
    }),
  );
  await raises(lab, run, 'outer');
  assert.equal(outer.cancelledCaught, true);
  lab.saw('cancel {A.cancelled B.cancelled} B.cleaned outer.raises[a]');
});

law('X26 started, then fails', async (lab) => {
  const group = taskGroup(async (tasks) => {
    tasks.startSoon(lab.cancellee('S'));
    await tasks.start(async (task) => {
      lab.note('A.start');
      await sleep(1000);
      lab.note('A.started');
      task.started();
      await fails(lab, 'A')();
    });
    lab.note('got');
    await sleepForever().catch((error: unknown) => {
      assert.ok(isCancelled(error));
      lab.note('body.cancelled');
      throw error;
    });
  });
  await raises(lab, group);
  lab.saw('S.start A.start A.started got A.fail {S.cancelled body.cancelled} group.raises[A]');
});

law('X27 a watchdog of 1 s, items at 0.8 and 1.6', async (lab) => {
  const queue = new Queue<number>(1);
  const group = taskGroup(async (tasks) => {
    tasks.startSoon(async () => {
      for (;;) {
        const item = await moveOnAfter(1000, () => queue.get());
        if (item === undefined) {
          lab.noteTime('trip');
          throw new Error('stale');
        }
        lab.note('read');
      }
    });
    for (const item of [1, 2]) {
      await sleep(800);
      await queue.put(item);
    }
  });
  await raises(lab, group);
  lab.saw('read read trip(2.6s) group.raises[stale]');
});

law('X11 an error in the shield while cancelled', async (lab) => {
  const outer = new CancelScope({ timeoutMs: 500 });
  const run = outer.run(() =>
    shield(async () => {
      try {
        await failAt(1000, 'X');
      } finally {
        lab.note('X.fail');
      }
    }),
  );
  lab.note(`outer.raises.${shape(await thrownBy(run))}`);
  assert.deepEqual([outer.cancelCalled, outer.cancelledCaught], [true, false]);
  lab.saw('X.fail outer.raises.X');
});
