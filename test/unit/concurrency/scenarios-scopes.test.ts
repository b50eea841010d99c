/** Whole stories about scopes, with the order of events that trio shows. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  CleanupStack,
  checkpoint,
  failAfter,
  moveOnAfter,
  Queue,
  shield,
  sleep,
  sleepForever,
  TimeoutError,
  taskGroup,
} from '../../../src/concurrency/index.ts';
import { law } from '../../support/concurrency-lab.ts';

law('X9 inner 1 s, outer 2 s, clean-up 2 s', async (lab) => {
  const [outer, inner] = [new CancelScope({ timeoutMs: 2000 }), new CancelScope({ timeoutMs: 1000 })];
  await outer.run(() =>
    inner.run(async () => {
      try {
        await sleepForever();
      } finally {
        await shield(() => sleep(2000));
        lab.noteTime('cleaned');
      }
    }),
  );
  if (outer.cancelledCaught) lab.note('outer.caught');
  assert.equal(inner.cancelledCaught, false);
  lab.saw('cleaned(3s) outer.caught');
});

law('X10 a shield with a limit of 1 s in a cancelled scope', async (lab) => {
  const outer = new CancelScope();
  outer.cancel();
  await outer.run(async () => {
    await shield(async () => {
      const limit = new CancelScope({ timeoutMs: 1000 });
      await limit.run(() => sleepForever());
      if (limit.cancelledCaught) lab.note('shield.timeout');
    });
    lab.note('next-line');
    await checkpoint();
    lab.note('not.reached');
  });
  if (outer.cancelledCaught) lab.note('outer.caught');
  lab.saw('shield.timeout next-line outer.caught');
});

law('X17 getters A and B wait, A is cancelled, then 1 is put', async (lab) => {
  const queue = new Queue<number>(1);
  const scope = new CancelScope();
  await taskGroup(async (tasks) => {
    tasks.startSoon(() =>
      scope.run(async () => {
        await queue.get().finally(() => lab.note('A.cancelled'));
      }),
    );
    tasks.startSoon(async () => lab.note(`B.got${await queue.get()}`));
    await sleep(1000);
    scope.cancel();
    await queue.put(1);
  });
  lab.saw('{A.cancelled B.got1}');
});

law('X19 a stack of A, B and C, cancelled in the body', async (lab) => {
  const scope = new CancelScope({ timeoutMs: 1000 });
  await scope.run(() =>
    CleanupStack.run(async (stack) => {
      for (const name of ['A', 'B', 'C']) {
        await stack.enter(
          () => name,
          async () => {
            await sleep(100);
            lab.note(`${name}.left`);
          },
        );
      }
      await sleepForever();
    }),
  );
  if (scope.cancelledCaught) lab.note('caught');
  lab.saw('C.left B.left A.left caught');
});

law('X22 failAfter of 1 s around failAfter of 2 s', async (lab) => {
  try {
    await failAfter(1000, async () => {
      try {
        await failAfter(2000, () => sleepForever());
      } catch (error) {
        if (error instanceof TimeoutError) lab.note('inner.timeout');
        throw error;
      }
    });
  } catch (error) {
    if (error instanceof TimeoutError) lab.noteTime('outer.timeout');
  }
  lab.saw('outer.timeout(1s)');
});

law('X23 a deadline of 1 s, renewed at 0.6, 1.2 and 1.8', async (lab) => {
  await moveOnAfter(1000, async (scope) => {
    for (let i = 0; i < 3; i++) {
      await sleep(600);
      scope.deadline = lab.clock.now() + 1000;
      lab.note('beat');
    }
    await sleepForever();
  });
  lab.noteTime('expired');
  lab.saw('beat beat beat expired(2.8s)');
});
