/** The stack among the language's own disposables: it owns some, and is one. */
import assert from 'node:assert/strict';
import {
  CleanupStack,
  moveOnAfter,
  sleep,
  sleepForever,
  TimeoutError,
} from '../../../../src/concurrency/index.ts';
import { failAt, type Lab, law, shape, thrownBy } from '../../../support/concurrency-lab.ts';

const resource = (lab: Lab, name: string, ms = 0) => ({
  name,
  async [Symbol.asyncDispose](): Promise<void> {
    await sleep(ms);
    lab.note(`${this.name}.left`);
  },
});

law('use returns the resource, and leaves it by its own asyncDispose, in reverse', async (lab) => {
  const [a, b] = [resource(lab, 'A', 1000), resource(lab, 'B', 1000)];
  await CleanupStack.run((stack) => {
    assert.equal(stack.use(a), a);
    stack.push(() => lab.note('pushed'));
    assert.equal(stack.use(b), b);
  });
  lab.saw('B.left pushed A.left');
  assert.equal(lab.clock.now(), 2000);
});

law(
  'use takes dispose where there is no asyncDispose, and asyncDispose where there are both',
  async (lab) => {
    const dispose = (): void => lab.note('sync');
    await CleanupStack.run((stack) => {
      stack.use({ [Symbol.dispose]: dispose });
      stack.use(Object.assign(resource(lab, 'both'), { [Symbol.dispose]: dispose }));
    });
    lab.saw('both.left sync');
  },
);

law('use lets null and undefined pass, and refuses what can’t be disposed of', async () => {
  await CleanupStack.run((stack) => {
    assert.equal(stack.use(null), null);
    assert.equal(stack.use(undefined), undefined);
    assert.throws(() => stack.use({} as Disposable), TypeError);
    assert.throws(() => stack.use({} as Disposable, { limitMs: Number.NaN }), TypeError);
    assert.throws(() => stack.use({ [Symbol.dispose]: assert.fail }, { limitMs: Number.NaN }), RangeError);
  });
});

law(
  'ST-3 ST-4 ST-5 ST-9 hold for what is used: shielded, each with its limit, errors together',
  async (lab) => {
    const failing = { [Symbol.asyncDispose]: () => failAt(100, 'A') };
    const error = await thrownBy(
      moveOnAfter(1000, () =>
        CleanupStack.run(async (stack) => {
          stack.use(failing);
          stack.use(resource(lab, 'B', 5000), { limitMs: 2000 });
          stack.use(resource(lab, 'C', 3000));
          await sleepForever();
        }),
      ),
    );
    assert.ok(error instanceof AggregateError);
    assert.deepEqual(error.errors.map(shape), ['Timed out after 2000 ms', 'A']);
    assert.equal(lab.clock.now(), 1000 + 3000 + 2000 + 100);
    lab.saw('C.left');
  },
);

law('await using leaves the stack at the end of the block, also when it fails', async (lab) => {
  const block = async (fails: boolean): Promise<void> => {
    await using stack = new CleanupStack();
    stack.use(resource(lab, 'A', 1000));
    if (fails) throw new Error('block');
    lab.note('end');
  };
  await block(false);
  assert.equal(shape(await thrownBy(block(true))), 'block');
  lab.saw('end A.left A.left');
});

law('ST-5 await using in a cancelled scope leaves whole', async (lab) => {
  await moveOnAfter(500, async () => {
    await using stack = new CleanupStack();
    stack.use(resource(lab, 'A', 1000));
    await sleepForever();
  });
  lab.saw('A.left');
  assert.equal(lab.clock.now(), 1500);
});

law('a stack can be used by another stack, and moved out of its block', async (lab) => {
  const open = async (fails: boolean): Promise<CleanupStack> => {
    await using stack = new CleanupStack();
    stack.use(resource(lab, 'A'));
    if (fails) throw new Error('not opened');
    return stack.move();
  };
  await CleanupStack.run(async (outer) => {
    outer.use(await open(false));
    lab.note('opened');
  });
  lab.saw('opened A.left');
  await thrownBy(open(true));
  lab.saw('opened A.left A.left');
});

law('disposing again disposes of nothing twice', async (lab) => {
  const stack = new CleanupStack();
  stack.use(resource(lab, 'A'), { limitMs: 10 });
  await stack[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
  await stack.leave();
  lab.saw('A.left');
  stack.use(resource(lab, 'slow', 20), { limitMs: 10 });
  assert.ok((await thrownBy(stack[Symbol.asyncDispose]())) instanceof TimeoutError);
});
