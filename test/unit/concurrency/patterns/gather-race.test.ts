/** Several functions at once: all of them, or the first. */
import assert from 'node:assert/strict';
import { CancelScope, gather, race, shield, sleep, sleepForever } from '../../../../src/concurrency/index.ts';
import { cancels, failAt, type Lab, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

const after =
  <T>(ms: number, value: T) =>
  async (): Promise<T> => {
    await sleep(ms);
    return value;
  };

const failing = (ms: number, message: string) => () => failAt(ms, message);

/** Sleeps for ever; cancelled, it cleans up and throws this. */
const sore = (lab: Lab, message: string) => lab.cleaner(message, 1000, () => assert.fail(message));

law('GA-1 gather gives results in the order of the arguments', async (lab) => {
  const [first, second] = await gather([after(20, 'slow'), after(10, 2)]);
  const texts: string = first;
  const numbers: number = second;
  assert.deepEqual([texts, numbers], ['slow', 2]);
  assert.equal(lab.clock.now(), 20);
});

law('GA-1 none gives an empty list', async () => {
  assert.deepEqual(await gather([]), []);
  assert.deepEqual(await gather([], { settle: true }), []);
});

law('GA-2 a failure cancels the others and leaves as the group error', async (lab) => {
  const error = await thrownBy(gather([lab.cleaner('A', 5), failing(10, 'b')]));
  assert.equal(shape(error), '[b]');
  lab.saw('A.cancelled A.cleaned');
});

law('GA-3 in settle mode it gives values and errors and cancels nobody', async (lab) => {
  const outcomes = await gather([failing(10, 'a'), after(20, 'b'), () => Promise.reject(undefined)], {
    settle: true,
  });
  assert.equal(outcomes[0].status === 'rejected' && shape(outcomes[0].reason), 'a');
  assert.deepEqual(outcomes.slice(1), [
    { status: 'fulfilled', value: 'b' },
    { status: 'rejected', reason: undefined },
  ]);
  assert.equal(lab.clock.now(), 20);
});

law('GA-4 in settle mode too, cancellation of the caller is thrown, never a result', async () => {
  await whole(async (scope) => {
    const gathering = gather([sleepForever, failing(5, 'a')], { settle: true });
    await sleep(10);
    scope.cancel();
    await cancels(gathering);
  });
});

law('RA-1 the first to end wins with its value; the others are cancelled and awaited', async (lab) => {
  assert.equal(await race([lab.cleaner('A', 500) as () => Promise<never>, after(10, 'b')]), 'b');
  lab.saw('A.cancelled A.cleaned');
  assert.equal(lab.clock.now(), 510);
});

law('RA-1 of two that end in the same turn the earlier one wins', async () => {
  assert.equal(await race([after(10, 'a'), after(10, 'b')]), 'a');
  assert.equal(await race([() => 'a', () => 'b']), 'a');
});

law('RA-2 a winning error leaves bare', async (lab) => {
  const error = await thrownBy(race([failing(10, 'a'), lab.cancellee('B')]));
  assert.equal(shape(error), 'a');
  lab.saw('B.start B.cancelled');
});

law('RA-3 no jobs throws', async () => {
  assert.ok((await thrownBy(race([]))) instanceof RangeError);
});

law(
  'RA-4 a loser that throws in its clean-up is not lost: a group error, the winning error first',
  async (lab) => {
    const fine = (await thrownBy(race([sore(lab, 'A') as () => Promise<never>, after(10, 'b')]))) as Error;
    assert.equal(shape(fine), '[A]');
    const both = await thrownBy(race([sore(lab, 'A'), failing(10, 'b')]));
    assert.equal(shape(both), '[b,A]');
  },
);

law(
  'RA-4 an error is not lost if the caller is cancelled while the others are awaited, or before',
  async (lab) => {
    const outer = new CancelScope({ timeoutMs: 500 });
    const won = await thrownBy(outer.run(() => race([failing(10, 'a'), lab.cleaner('B', 1000)])));
    assert.equal(shape(won), '[a]');
    assert.equal(outer.cancelledCaught, true);
    const lone = new CancelScope({ timeoutMs: 500 });
    assert.equal(shape(await thrownBy(lone.run(() => race([sore(lab, 'C')])))), '[C]');
    assert.equal(lone.cancelledCaught, true);
  },
);

law('a race whose caller is cancelled has no winner', async () => {
  await whole(async (scope) => {
    const racing = race([sleepForever, after(1000, 'late')]);
    await sleep(10);
    scope.cancel();
    await cancels(racing);
  });
});

law('a job may outlast its own scope without ending the race', async () => {
  const value = await race([
    async () => {
      await new CancelScope({ timeoutMs: 5 }).run(sleepForever);
      return 'on';
    },
    () => shield(after(10, 'late')),
  ]);
  assert.equal(value, 'on');
});
