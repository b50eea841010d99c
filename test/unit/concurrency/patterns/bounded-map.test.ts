/** A function over many items, so many at a time. */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import fc from 'fast-check';
import { boundedMap, checkpoint, sleep, sleepForever } from '../../../../src/concurrency/index.ts';
import { assertAsyncProperty } from '../../../support/assert-property.ts';
import { cancels, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

law(
  'BM-1 BM-2 never more than the limit at once, results in the order of the items, for any durations',
  async () => {
    await assertAsyncProperty(
      fc.asyncProperty(
        fc.array(fc.nat(5), { maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        async (items, limit) => {
          let running = 0;
          let most = 0;
          const results = await boundedMap(items, limit, async (ms, index) => {
            running += 1;
            most = Math.max(most, running);
            await sleep(ms);
            running -= 1;
            return [index, ms];
          });
          assert.deepEqual(
            results,
            [...items.entries()].map(([index, ms]) => [index, ms]),
          );
          assert.ok(most <= limit);
          // With enough to do, the limit is used.
          if (items.length >= limit && items.slice(0, limit).every((ms) => ms > 0)) assert.equal(most, limit);
        },
      ),
      { numRuns: 200 },
    );
  },
);

law('BM-2 none gives an empty list', async () => {
  assert.deepEqual(await boundedMap([], 1, () => assert.fail('called')), []);
});

law('BM-3 a limit < 1, or a fraction, throws before anything runs', async () => {
  const items: Iterable<number> = { [Symbol.iterator]: () => assert.fail('read') };
  for (const limit of [0, -1, 1.5, Number.NaN]) {
    assert.ok((await thrownBy(boundedMap(items, limit, () => assert.fail('called')))) instanceof RangeError);
  }
});

for (const limit of [1, 2, Number.POSITIVE_INFINITY]) {
  law(`BM-4 after a failure no further item begins (limit ${limit})`, async () => {
    const begun: number[] = [];
    const error = await thrownBy(
      boundedMap([0, 1, 2, 3], limit, (item) => {
        begun.push(item);
        throw new Error(`${item} failed`);
      }),
    );
    assert.deepEqual(begun, [0]);
    assert.equal(shape(error), '[0 failed]');
  });
}

law('BM-4 the others are cancelled', async (lab) => {
  const error = await thrownBy(
    boundedMap(['A', 'B', 'C'], 2, async (name) => {
      if (name === 'A') await lab.cleaner(name)();
      await sleep(10);
      throw new Error(name);
    }),
  );
  assert.equal(shape(error), '[B]');
  lab.saw('A.cancelled A.cleaned');
});

law(
  'BM-5 an iterable is read no further ahead than the limit, and left when something fails',
  async (lab) => {
    let read = 0;
    let ended = 0;
    const items = async function* (): AsyncGenerator<number> {
      try {
        for (;;) {
          await checkpoint();
          yield read++;
        }
      } finally {
        lab.note('left');
      }
    };
    const error = await thrownBy(
      boundedMap(items(), 3, async (item) => {
        assert.ok(read <= ended + 3, `${read} read, ${ended} ended`);
        await sleep(10 + item);
        ended += 1;
        if (item === 7) throw new Error('seven');
      }),
    );
    assert.equal(shape(error), '[seven]');
    lab.saw('left');
  },
);

law('BM-5 what the iterable throws leaves, and it is not told to end again', async (lab) => {
  const items = function* (): Generator<number> {
    try {
      yield 1;
      throw new Error('broken');
    } finally {
      lab.note('left');
    }
  };
  assert.equal(shape(await thrownBy(boundedMap(items(), 2, () => sleepForever()))), '[broken]');
  lab.saw('left');
});

law('cancelled, it leaves the iterable and nothing runs on', async (lab) => {
  const items = function* (): Generator<number> {
    try {
      for (let item = 0; ; item++) yield item;
    } finally {
      lab.note('left');
    }
  };
  await whole(async (scope) => {
    const mapping = boundedMap(items(), 2, () => sleepForever());
    await sleep(10);
    scope.cancel();
    await cancels(mapping);
  });
  lab.saw('left');
});

law('each item is worked on in the async contexts of the caller, who gave the items', async () => {
  const place = new AsyncLocalStorage<string>();
  const found = await place.run('caller', () =>
    boundedMap([1, 2, 3], 2, async () => {
      await sleep(1);
      return place.getStore();
    }),
  );
  assert.deepEqual(found, ['caller', 'caller', 'caller']);
});
