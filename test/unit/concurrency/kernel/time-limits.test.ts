/** `moveOnAfter`, `failAfter` and their kin: what comes of a block that is cut. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  checkpoint,
  failAfter,
  failAt,
  moveOnAfter,
  moveOnAt,
  now,
  shield,
  sleep,
  sleepForever,
  TimeoutError,
  taskGroup,
  VirtualClock,
  withClock,
} from '../../../../src/concurrency/index.ts';
import { cancels, law, shape, thrownBy } from '../../../support/concurrency-lab.ts';

/** A virtual clock that can also be pushed on by code that does not wait. */
class BusyClock extends VirtualClock {
  busyMs = 0;

  override now(): number {
    return super.now() + this.busyMs;
  }
}

law('CS-18 moveOnAfter and moveOnAt resolve with the value, undefined when caught', async () => {
  assert.equal(await moveOnAfter(1000, () => sleep(999).then(() => 'value')), 'value');
  assert.equal(await moveOnAfter(1000, () => sleep(1001).then(() => 'value')), undefined);
  assert.equal(await moveOnAt(now() + 10, () => 'value'), 'value');
  assert.equal(await moveOnAt(now() + 10, () => sleepForever()), undefined);
});

law(
  'CS-19 failAfter and failAt throw a TimeoutError when their deadline passed and they caught',
  async (lab) => {
    assert.equal(await failAfter(1000, () => sleep(999).then(() => 'value')), 'value');
    const error = await thrownBy(failAfter(1000, () => sleepForever()));
    assert.ok(error instanceof TimeoutError);
    assert.equal(error.message, 'Timed out after 1000 ms');
    assert.equal(lab.clock.now(), 1999);
    assert.ok((await thrownBy(failAt(5000, () => sleepForever()))) instanceof TimeoutError);
    assert.equal(lab.clock.now(), 5000);
  },
);

law('CS-20 failAfter cancelled by hand before its deadline does not throw', async () => {
  const value = await failAfter(1000, async (scope) => {
    scope.cancel();
    await checkpoint();
    return 'value';
  });
  assert.equal(value, undefined);
});

law('CS-20 not even if the deadline passes while it cleans up', async () => {
  await failAfter(1000, async (scope) => {
    scope.cancel();
    try {
      await checkpoint();
    } finally {
      await shield(() => sleep(2000));
    }
  });
});

law('CS-21 the block’s own error at the deadline leaves instead of the TimeoutError', async () => {
  const error = await thrownBy(
    failAfter(1000, async () => {
      await cancels(sleepForever());
      throw new Error('own');
    }),
  );
  assert.equal(shape(error), 'own');
});

law('CS-22 a block that overran without waiting has not timed out', async () => {
  const clock = new BusyClock();
  const value = await withClock(clock, () =>
    failAfter(1000, () => {
      clock.busyMs += 2000;
      return 'value';
    }),
  );
  assert.equal(value, 'value');
});

law('CS-22 a group whose last child overran without waiting has not timed out', async () => {
  const clock = new BusyClock();
  const value = await withClock(clock, () =>
    failAfter(1000, () =>
      taskGroup((group) => {
        group.startSoon(async () => {
          await undefined;
          clock.busyMs += 2000;
        });
        return 'value';
      }),
    ),
  );
  assert.equal(value, 'value');
});

law('CS-22 a block that swallowed the cancellation and returned has not timed out', async () => {
  const value = await failAfter(1000, async () => {
    await cancels(sleepForever());
    return 'value';
  });
  assert.equal(value, 'value');
});

law('CS-23 outer failAfter expires first: the inner throws no TimeoutError', async (lab) => {
  const error = await thrownBy(
    failAfter(1000, async () => {
      const inner = await thrownBy(failAfter(2000, () => sleepForever()));
      lab.note(shape(inner));
      throw inner;
    }),
  );
  assert.equal(shape(error), 'Timed out after 1000 ms');
  lab.saw('Cancelled');
});

for (const ms of [0, -5, Number.NEGATIVE_INFINITY]) {
  law(`CS-24 a limit of ${ms}: code before the first wait runs, that wait throws`, async (lab) => {
    await moveOnAfter(ms, async () => {
      lab.note('begun');
      await cancels(checkpoint());
      lab.noteTime('threw');
    });
    lab.saw('begun threw(0s)');
  });
}

law('CS-24 a deadline in the past does the same', async (lab) => {
  await sleep(1000);
  await moveOnAt(500, async (scope) => {
    lab.note('begun');
    assert.equal(scope.cancelCalled, true);
    await checkpoint();
    lab.note('not reached');
  });
  lab.saw('begun');
});

law('CS-25 NaN throws', async (lab) => {
  const block = (): void => lab.note('called');
  for (const limit of [moveOnAfter, moveOnAt, failAfter, failAt]) {
    await assert.rejects(limit(Number.NaN, block), RangeError);
  }
  await assert.rejects(sleep(Number.NaN), RangeError);
  assert.throws(() => new CancelScope({ deadline: Number.NaN }), RangeError);
  assert.throws(() => new CancelScope({ timeoutMs: Number.NaN }), RangeError);
  assert.throws(() => {
    new CancelScope().deadline = Number.NaN;
  }, RangeError);
  lab.saw('');
});

law('CS-26 Infinity and undefined mean no deadline, but outer scopes still cancel', async (lab) => {
  await moveOnAfter(1000, () =>
    moveOnAfter(Number.POSITIVE_INFINITY, () =>
      new CancelScope({ deadline: undefined, timeoutMs: undefined }).run((scope) => {
        assert.equal(scope.deadline, Number.POSITIVE_INFINITY);
        return sleepForever();
      }),
    ),
  );
  assert.equal(lab.clock.now(), 1000);
});
