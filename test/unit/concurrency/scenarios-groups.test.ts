/** Whole stories about groups, with the order of events that trio shows. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  checkpoint,
  Event,
  Queue,
  shield,
  sleep,
  sleepForever,
  type TaskContext,
  taskGroup,
} from '../../../src/concurrency/index.ts';
import { cancels, law } from '../../support/concurrency-lab.ts';

law('X3 db, cache and api by start, then cancel', async (lab) => {
  const service = (name: string) => async (task: TaskContext<void>) => {
    lab.note(`${name}.start`);
    await sleep(1000);
    lab.note(`${name}.started`);
    task.started();
    await sleepForever().finally(() => lab.note(`${name}.cancelled`));
  };
  await taskGroup(async (tasks) => {
    for (const name of ['db', 'cache', 'api']) await tasks.start(service(name));
    lab.note('cancel');
    tasks.cancel();
  });
  lab.note('group.end');
  lab.saw(
    `db.start db.started cache.start cache.started api.start api.started cancel
     {api.cancelled db.cancelled cache.cancelled} group.end`,
  );
});

law('X5 start(A) in moveOnAfter, with a sibling', async (lab) => {
  await taskGroup(async (tasks) => {
    tasks.startSoon(async () => {
      lab.note('S.start');
      await sleep(2000);
      lab.note('S.end');
    });
    const scope = new CancelScope({ timeoutMs: 1000 });
    await scope.run(() => tasks.start(lab.cancellee('A')));
    if (scope.cancelledCaught) lab.note('caught');
  });
  lab.note('group.end');
  lab.saw('{S.start A.start} A.cancelled caught S.end group.end');
});

law('X7 two phases, one polite, one stubborn', async (lab) => {
  const asked = new Event();
  await taskGroup(async (tasks) => {
    tasks.startSoon(async () => {
      await asked.wait();
      await sleep(100);
      lab.note('polite.end');
    });
    tasks.startSoon(lab.cleaner('stubborn', 500));
    await sleep(1000);
    lab.note('ask');
    asked.set();
    await sleep(2000);
    lab.note('force');
    tasks.cancel();
  });
  lab.note('group.end');
  lab.saw('ask polite.end force stubborn.cancelled stubborn.cleaned group.end');
});

law('X8 two phases, all polite: the end is at once, not at the deadline', async (lab) => {
  const asked = new Event();
  const limit = new CancelScope();
  await limit.run(() =>
    taskGroup(async (tasks) => {
      for (const [name, ms] of [
        ['A', 100],
        ['B', 200],
      ] as const) {
        tasks.startSoon(async () => {
          await asked.wait();
          await sleep(ms);
          lab.note(`${name}.end`);
        });
      }
      await sleep(1000);
      lab.note('ask');
      asked.set();
      limit.deadline = lab.clock.now() + 5000;
    }),
  );
  lab.noteTime('group.end');
  lab.saw('ask A.end B.end group.end(1.2s)');
});

law('X13 one child is cancelled', async (lab) => {
  await taskGroup(async (tasks) => {
    let own: CancelScope | undefined;
    tasks.startSoon(async (task) => {
      own = task.scope;
      await sleepForever().finally(() => lab.note('A.cancelled'));
    });
    tasks.startSoon(async () => {
      await sleep(2000);
      lab.note('B.end');
    });
    await sleep(1000);
    own?.cancel();
    await checkpoint();
    if (own?.cancelledCaught) lab.note('A.gone');
  });
  lab.note('group.end');
  lab.saw('A.cancelled A.gone B.end group.end');
});

law('X14 a child spawns after the end of the body', async (lab) => {
  await taskGroup((tasks) => {
    tasks.startSoon(async () => {
      await sleep(1000);
      tasks.startSoon(async () => {
        lab.note('G.start');
        await sleep(1000);
        lab.note('G.end');
      });
      lab.note('C.end');
    });
    lab.note('body.end');
  });
  lab.note('group.end');
  lab.saw('body.end C.end G.start G.end group.end');
});

law('X16 a queue of one, three items and a close', async (lab) => {
  const queue = new Queue<number>(1);
  await taskGroup(async (tasks) => {
    tasks.startSoon(async () => {
      for await (const item of queue) {
        lab.note(`got${item}`);
        await sleep(1000);
      }
      lab.note('reader.end');
    });
    for (const item of [1, 2, 3]) await queue.put(item);
    queue.close();
    lab.note('close');
  });
  lab.note('group.end');
  const closed = lab.events.indexOf('close');
  assert.ok(lab.events.indexOf('got1') < closed && closed < lab.events.indexOf('got3'));
  lab.events.splice(closed, 1);
  lab.saw('got1 got2 got3 reader.end group.end');
});

law('X21 a child swallows its cancellation and waits again', async (lab) => {
  await taskGroup(async (tasks) => {
    tasks.startSoon(async () => {
      for (let i = 0; i < 2; i++) {
        await cancels(sleepForever());
        lab.note('C.cancelled');
      }
      lab.note('C.end');
    });
    await sleep(1000);
    tasks.cancel();
  });
  lab.note('group.end');
  lab.saw('C.cancelled C.cancelled C.end group.end');
});

law('X25 a shielded child of 5 s under a deadline of 1 s', async (lab) => {
  const scope = new CancelScope({ timeoutMs: 1000 });
  await scope.run(() =>
    taskGroup((tasks) => {
      tasks.startSoon(() =>
        shield(async () => {
          await sleep(5000);
          lab.note('S.end');
        }),
      );
    }),
  );
  lab.noteTime('out');
  if (scope.cancelledCaught) lab.note('caught');
  lab.saw('S.end out(5s) caught');
});
