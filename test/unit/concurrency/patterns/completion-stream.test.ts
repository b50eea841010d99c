/** Results in the order in which they come. */
import assert from 'node:assert/strict';
import { CompletionStream, sleep, sleepForever } from '../../../../src/concurrency/index.ts';
import { cancels, failAt, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

const after =
  <T>(ms: number, value: T) =>
  async (): Promise<T> => {
    await sleep(ms);
    return value;
  };

async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

law('CO-1 it yields index and value in the order of completion', async () => {
  assert.deepEqual(await collect(new CompletionStream([after(30, 'a'), after(10, 'b'), after(20, 'c')])), [
    { index: 1, value: 'b' },
    { index: 2, value: 'c' },
    { index: 0, value: 'a' },
  ]);
  assert.deepEqual(await collect(new CompletionStream([])), []);
});

law('CO-2 leaving early cancels and awaits the rest', async (lab) => {
  for await (const { value } of new CompletionStream<unknown>([after(10, 'a'), lab.cleaner('B', 500)])) {
    assert.equal(value, 'a');
    break;
  }
  lab.saw('B.cancelled B.cleaned');
  assert.equal(lab.clock.now(), 510);
});

law('CO-2 what the rest throws when its reader leaves is not lost', async (lab) => {
  const error = await thrownBy(
    (async () => {
      const sore = lab.cleaner('B', 5, () => assert.fail('sore'));
      for await (const _ of new CompletionStream<unknown>([after(10, 'a'), sore])) break;
    })(),
  );
  assert.equal(shape(error), '[sore]');
});

law('CO-2 a reader that is cancelled leaves nothing behind', async (lab) => {
  await whole(async (scope) => {
    const reading = collect(new CompletionStream<unknown>([sleepForever, lab.cleaner('B', 500)]));
    await sleep(10);
    scope.cancel();
    await cancels(reading);
  });
  lab.saw('B.cancelled B.cleaned');
});

law('CO-3 a failure ends the iteration with the group error, after what was complete before', async (lab) => {
  const seen: unknown[] = [];
  const reading = (async () => {
    for await (const { value } of new CompletionStream<unknown>([
      after(10, 'a'),
      () => failAt(20, 'b'),
      lab.cleaner('C'),
    ])) {
      seen.push(value);
      await sleep(1000);
    }
  })();
  assert.equal(shape(await thrownBy(reading)), '[b]');
  assert.deepEqual(seen, ['a']);
  lab.saw('C.cancelled C.cleaned');
});

law('CO-4 limit bounds what runs', async (lab) => {
  let running = 0;
  const job = async (): Promise<void> => {
    running += 1;
    assert.ok(running <= 2);
    await sleep(10);
    running -= 1;
  };
  await collect(
    new CompletionStream(
      Array.from({ length: 6 }, () => job),
      { limit: 2 },
    ),
  );
  assert.equal(lab.clock.now(), 30);
  assert.throws(() => new CompletionStream([], { limit: 0 }), RangeError);
});

law('CO-5 a slow reader holds nothing back and nothing is lost', async (lab) => {
  const jobs = Array.from({ length: 5 }, (_, index) => async () => {
    await sleep(10 * (index + 1));
    lab.noteTime(`end${index}`);
    return index;
  });
  const read: number[] = [];
  for await (const { value } of new CompletionStream(jobs)) {
    read.push(value);
    await sleep(1000);
  }
  assert.deepEqual(read, [0, 1, 2, 3, 4]);
  lab.saw('end0(0.01s) end1(0.02s) end2(0.03s) end3(0.04s) end4(0.05s)');
});

law('it is read once', async () => {
  const stream = new CompletionStream([]);
  await collect(stream);
  assert.throws(() => stream[Symbol.asyncIterator](), /twice/);
});
