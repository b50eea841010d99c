/** Again, until it succeeds. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  failAfter,
  isCancelled,
  moveOnAfter,
  retry,
  sleepForever,
} from '../../../../src/concurrency/index.ts';
import { type Lab, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

/** Fails until attempt `until`, noting the time of each. */
const flaky =
  (lab: Lab, until: number) =>
  (attempt: number): string => {
    lab.note(`${attempt}@${lab.clock.now()}`);
    if (attempt < until) throw new Error(`failure ${attempt}`);
    return 'success';
  };

law('RT-1 it returns the first success', async (lab) => {
  assert.equal(await retry(flaky(lab, 3), { attempts: 5 }), 'success');
  lab.saw('1@0 2@100 3@300');
});

law('RT-1 after the last attempt the last error leaves as it is', async (lab) => {
  assert.equal(shape(await thrownBy(retry(flaky(lab, 9)))), 'failure 3');
  lab.saw('1@0 2@100 3@300');
  assert.ok((await thrownBy(retry(() => 1, { attempts: 0 }))) instanceof RangeError);
});

law('RT-2 cancellation is never retried', async (lab) => {
  let attempts = 0;
  await whole(async (scope) => {
    const trying = retry(async () => {
      attempts += 1;
      await sleepForever();
    });
    scope.cancel();
    assert.ok(isCancelled(await thrownBy(trying)));
  });
  assert.equal(attempts, 1);
  assert.equal(lab.clock.now(), 0);
});

law('RT-3 the delay is min(max, base * 2^(n-1)), times 1 + jitter * random', async (lab) => {
  const options = { attempts: 5, delayMs: 10, maxDelayMs: 30, jitter: 0.5, random: () => 0.5 };
  await retry(flaky(lab, 5), options);
  lab.saw('1@0 2@12.5 3@37.5 4@75 5@112.5');
});

law('RT-4 if the next delay would pass the effective deadline, the last error leaves now', async (lab) => {
  const error = await thrownBy(failAfter(250, () => retry(flaky(lab, 9), { attempts: 9 })));
  assert.equal(shape(error), 'failure 2');
  assert.equal(lab.clock.now(), 100);
});

law('RT-4 a deadline that leaves time is no reason to give up', async (lab) => {
  assert.equal(await moveOnAfter(301, () => retry(flaky(lab, 3))), 'success');
});

law('RT-4 an error in a scope that was cancelled meanwhile leaves as it is', async (lab) => {
  const scope = new CancelScope();
  const trying = scope.run(() =>
    retry(() => {
      scope.cancel();
      throw new Error('own');
    }),
  );
  assert.equal(shape(await thrownBy(trying)), 'own');
  assert.equal(lab.clock.now(), 0);
});

law('RT-5 an error that retryOn declines leaves at once', async (lab) => {
  const retryOn = (error: unknown, attempt: number): boolean =>
    shape(error) === `failure ${attempt}` && attempt < 2;
  assert.equal(shape(await thrownBy(retry(flaky(lab, 9), { retryOn }))), 'failure 2');
  lab.saw('1@0 2@100');
});
