/** What a failure does to a group, and what leaves it. */
import assert from 'node:assert/strict';
import {
  CancelledError,
  checkpoint,
  moveOnAfter,
  sleep,
  sleepForever,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { cancels, failAt, law, shape, thrownBy } from '../../../support/concurrency-lab.ts';

law('TG-16 a failing child cancels siblings, pending starts and the body at once', async (lab) => {
  const error = await thrownBy(
    taskGroup(async (group) => {
      group.startSoon(lab.cancellee('sibling'));
      group.startSoon(() => failAt(1000, 'A'));
      await cancels(group.start(lab.cancellee('pending')));
      lab.noteTime('start.cancelled');
      await cancels(sleepForever());
      lab.noteTime('body.cancelled');
    }),
  );
  assert.equal(shape(error), '[A]');
  lab.saw(
    '{sibling.start pending.start} {sibling.cancelled pending.cancelled} start.cancelled(1s) body.cancelled(1s)',
  );
});

law('TG-17 a failure leaves as a group error, even a single one', async () => {
  const failure = new Error('A');
  const error = await thrownBy(
    taskGroup((group) => {
      group.startSoon(() => Promise.reject(failure));
    }),
  );
  assert.ok(error instanceof AggregateError);
  assert.deepEqual(error.errors, [failure]);
});

law('TG-17 the message of the group error names the group and the first failure', async () => {
  const error = await thrownBy(
    taskGroup(
      (group) => {
        group.startSoon(() => Promise.reject(new Error('no disk')));
        group.startSoon(() => Promise.reject(new Error('no net')));
      },
      { name: 'web' },
    ),
  );
  assert.equal((error as Error).message, 'Task group "web" failed: no disk (and 1 more)');
});

law('TG-18 several failures leave in the order in which they were thrown', async (lab) => {
  const error = await thrownBy(
    taskGroup((group) => {
      group.startSoon(lab.cleaner('B', 2000, () => fail('b')));
      group.startSoon(lab.cleaner('C', 1000, () => fail('c')));
      group.startSoon(() => failAt(1000, 'A'));
    }),
  );
  assert.equal(shape(error), '[A,c,b]');
});

law('TG-19 what a sibling throws while being cancelled comes after the cause', async () => {
  const error = await thrownBy(
    taskGroup((group) => {
      group.startSoon(async () => {
        try {
          await sleepForever();
        } finally {
          // biome-ignore lint/correctness/noUnsafeFinally: replacing the cancellation is the case tested
          throw new Error('clean-up');
        }
      });
      group.startSoon(() => failAt(1000, 'cause'));
    }),
  );
  assert.equal(shape(error), '[cause,clean-up]');
});

law('TG-20 cancellations caused by the collapse are not in the group error', async () => {
  const error = await thrownBy(
    taskGroup(async (group) => {
      group.startSoon(() => sleepForever());
      group.startSoon(() => failAt(1000, 'A'));
      await sleepForever();
    }),
  );
  assert.equal(shape(error), '[A]');
});

law('TG-21 a body that throws cancels the children; its error is first', async (lab) => {
  const error = await thrownBy(
    taskGroup(async (group) => {
      group.startSoon(lab.cleaner('A', 0, () => fail('child')));
      await failAt(1000, 'body');
    }),
  );
  assert.equal(shape(error), '[body,child]');
  lab.saw('A.cancelled A.cleaned');
});

law('TG-22 a body that swallows the collapse is cancelled at its next wait too', async (lab) => {
  const error = await thrownBy(
    taskGroup(async (group) => {
      group.startSoon(() => failAt(1000, 'A'));
      await cancels(sleepForever());
      await cancels(sleep(5000));
      lab.noteTime('body.end');
      return 'value';
    }),
  );
  assert.equal(shape(error), '[A]');
  lab.saw('body.end(1s)');
});

law('TG-23 an error that the cancelled body throws instead comes after the cause', async () => {
  const error = await thrownBy(
    taskGroup(async (group) => {
      group.startSoon(() => failAt(1000, 'A'));
      await cancels(sleepForever());
      throw new Error('body');
    }),
  );
  assert.equal(shape(error), '[A,body]');
});

law('TG-24 an error after the group was cancelled on purpose still leaves', async (lab) => {
  const error = await thrownBy(
    taskGroup((group) => {
      group.startSoon(lab.cleaner('A', 1000, () => fail('clean-up')));
      group.startSoon(() => group.cancel());
    }),
  );
  assert.equal(shape(error), '[clean-up]');
});

law('TG-29 an inner failure reaches the outer group wrapped', async () => {
  const error = await thrownBy(
    taskGroup((outer) => {
      outer.startSoon(() =>
        taskGroup((inner) => {
          inner.startSoon(() => failAt(1000, 'A'));
        }),
      );
    }),
  );
  assert.equal(shape(error), '[[A]]');
});

law('TG-29 an inner failure caught between the groups lets the outer one run on', async (lab) => {
  await taskGroup(async (outer) => {
    outer.startSoon(async () => {
      await sleep(2000);
      lab.noteTime('sibling');
    });
    await thrownBy(
      taskGroup((inner) => {
        inner.startSoon(() => failAt(1000, 'A'));
      }),
    );
    await checkpoint();
    lab.noteTime('body');
  });
  lab.saw('body(1s) sibling(2s)');
});

law('TG-30 an outer failure cancels inner groups with their children, which add nothing', async (lab) => {
  const error = await thrownBy(
    taskGroup((outer) => {
      outer.startSoon(() =>
        taskGroup((inner) => {
          inner.startSoon(lab.cancellee('grandchild'));
        }),
      );
      outer.startSoon(() => failAt(1000, 'A'));
    }),
  );
  assert.equal(shape(error), '[A]');
  lab.saw('grandchild.start grandchild.cancelled');
});

law('CS-41 a stale cancellation from a child is a failure of its group', async () => {
  let kept: unknown;
  await moveOnAfter(1000, async () => {
    kept = await thrownBy(sleepForever());
    throw kept;
  });
  const error = await thrownBy(
    taskGroup((group) => {
      group.startSoon(() => Promise.reject(kept));
      group.startSoon(() => sleepForever());
    }),
  );
  assert.ok(kept instanceof CancelledError);
  assert.ok(error instanceof AggregateError);
  assert.deepEqual(error.errors, [kept]);
});

function fail(message: string): never {
  throw new Error(message);
}
