/** Leaving in reverse, whatever happens. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  CleanupStack,
  checkpoint,
  moveOnAfter,
  sleep,
  sleepForever,
  TimeoutError,
} from '../../../../src/concurrency/index.ts';
import { cancels, failAt, type Lab, law, shape, thrownBy } from '../../../support/concurrency-lab.ts';

function leaving(lab: Lab, name: string, ms = 0): () => Promise<void> {
  return async () => {
    lab.note(`${name}.leaving`);
    await sleep(ms);
    lab.note(`${name}.left`);
  };
}

law(
  'ST-1 enter resolves with the resource; leaving is in reverse, each finished before the next',
  async (lab) => {
    const value = await CleanupStack.run(async (stack) => {
      const resource = await stack.enter(
        async () => 'resource',
        (left) => lab.note(`left ${left}`),
      );
      assert.equal(resource, 'resource');
      stack.push(leaving(lab, 'B', 1000));
      stack.push(leaving(lab, 'C', 2000));
      return 'value';
    });
    assert.equal(value, 'value');
    assert.deepEqual(lab.events, ['C.leaving', 'C.left', 'B.leaving', 'B.left', 'left resource']);
  },
);

law('ST-2 a failing enter: those before it are left in reverse, its own leave is not called', async (lab) => {
  const failure = new Error('C');
  const error = await thrownBy(
    CleanupStack.run(async (stack) => {
      await stack.enter(
        () => 'A',
        () => lab.note('A.left'),
      );
      await stack.enter(
        () => 'B',
        () => lab.note('B.left'),
      );
      await stack.enter(
        () => Promise.reject(failure),
        () => lab.note('not reached'),
      );
    }),
  );
  assert.equal(error, failure);
  lab.saw('B.left A.left');
});

law('ST-3 a failing leave does not stop the others', async (lab) => {
  const error = await thrownBy(
    CleanupStack.run((stack) => {
      stack.push(() => lab.note('A.left'));
      stack.push(() => failAt(1000, 'B'));
      stack.push(() => lab.note('C.left'));
    }),
  );
  assert.equal(shape(error), 'B');
  lab.saw('C.left A.left');
});

law('ST-4 errors of body and leaves leave together, first cause first', async () => {
  const error = await thrownBy(
    CleanupStack.run((stack) => {
      stack.push(() => failAt(0, 'A'));
      stack.push(() => {
        throw new Error('B');
      });
      throw new Error('body');
    }),
  );
  assert.equal(shape(error), '[body,B,A]');
});

law('ST-4 a lone body error leaves as itself', async (lab) => {
  const failure = new Error('body');
  const error = await thrownBy(
    CleanupStack.run((stack) => {
      stack.push(() => lab.note('left'));
      throw failure;
    }),
  );
  assert.equal(error, failure);
  lab.saw('left');
});

law('ST-5 cancelled before leaving, every leave runs whole; then the cancellation goes on', async (lab) => {
  const scope = new CancelScope({ timeoutMs: 1000 });
  await scope.run(async () => {
    await CleanupStack.run(async (stack) => {
      stack.push(leaving(lab, 'A', 1000));
      stack.push(leaving(lab, 'B', 1000));
      await sleepForever();
    });
    lab.note('not reached');
  });
  assert.equal(scope.cancelledCaught, true);
  assert.equal(lab.clock.now(), 3000);
  lab.saw('B.leaving B.left A.leaving A.left');
});

law('ST-5 cancelled during leaving, every leave runs whole; then the next wait throws', async (lab) => {
  await moveOnAfter(500, async () => {
    await CleanupStack.run((stack) => {
      stack.push(leaving(lab, 'A', 1000));
      stack.push(leaving(lab, 'B', 1000));
    });
    await cancels(checkpoint());
  });
  lab.saw('B.leaving B.left A.leaving A.left');
});

law('ST-5 a leave that fails after a cancellation leaves alone when the scope has absorbed', async () => {
  const error = await thrownBy(
    moveOnAfter(500, () =>
      CleanupStack.run(async (stack) => {
        stack.push(() => failAt(1000, 'A'));
        await sleepForever();
      }),
    ),
  );
  assert.equal(shape(error), '[A]');
});

law('ST-6 something pushed while leaving is left next', async (lab) => {
  await CleanupStack.run((stack) => {
    stack.push(() => lab.note('A'));
    stack.push(() => {
      lab.note('B');
      stack.push(() => lab.note('C'));
    });
  });
  lab.saw('B C A');
});

law('ST-7 leaving twice runs each once', async (lab) => {
  const stack = new CleanupStack();
  stack.push(() => lab.note('A'));
  await stack.leave();
  await stack.leave();
  lab.saw('A');
});

law('ST-7 leaving while another leaves waits for it and runs each once', async (lab) => {
  const stack = new CleanupStack();
  stack.push(leaving(lab, 'A', 1000));
  stack.push(leaving(lab, 'B', 1000));
  await Promise.all([stack.leave(), stack.leave().then(() => lab.noteTime('second'))]);
  lab.saw('B.leaving B.left A.leaving A.left second(2s)');
});

law('ST-8 move() hands everything to a new stack; the old one leaves nothing', async (lab) => {
  let moved: CleanupStack | undefined;
  await CleanupStack.run((stack) => {
    stack.push(() => lab.note('A'));
    stack.push(() => lab.note('B'));
    moved = stack.move();
  });
  lab.note('old');
  await moved?.leave();
  lab.saw('old B A');
});

law('ST-9 a per-leave limit ends that leave with a TimeoutError and goes on with the next', async (lab) => {
  const error = await thrownBy(
    CleanupStack.run((stack) => {
      stack.push(leaving(lab, 'A', 1000));
      stack.push(leaving(lab, 'B', 5000), { limitMs: 2000 });
    }),
  );
  assert.ok(error instanceof TimeoutError);
  assert.equal(lab.clock.now(), 3000);
  lab.saw('B.leaving A.leaving A.left');
});
