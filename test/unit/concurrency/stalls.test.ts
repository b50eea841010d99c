/** Deadlines that forgive stalls: time in which the process could not run is given back, and no more. */
import assert from 'node:assert/strict';
import { CancelScope, moveOnAfter, sleep, sleepForever } from '../../../src/concurrency/index.ts';
import { law } from '../../support/concurrency-lab.ts';

law('a deadline that forgives stalls is moved back by the time lost', async (lab) => {
  lab.clock.stall(400, 6000);
  await new CancelScope({ timeoutMs: 1000, forgivesStalls: true }).run(() => sleepForever());
  assert.equal(lab.clock.now(), 7000);
});

law('one that does not is over when the stall is', async (lab) => {
  lab.clock.stall(400, 6000);
  await moveOnAfter(1000, () => sleepForever());
  assert.equal(lab.clock.now(), 6400);
});

law('stalls add up, and those before and after it do not count', async (lab) => {
  for (const [fromMs, forMs] of [
    [100, 500],
    [1200, 300],
    [2500, 2000],
    [9000, 1000],
  ] as const)
    lab.clock.stall(fromMs, forMs);
  await sleep(1000);
  await new CancelScope({ timeoutMs: 2000, forgivesStalls: true }).run(() => sleepForever());
  assert.equal(lab.clock.now(), 1000 + 300 + 2000 + 2000);
  await sleep(10_000);
});

law('what came in during the stall is acted on before the deadline', async (lab) => {
  lab.clock.stall(400, 6000);
  for (const forgivesStalls of [true, false]) {
    const scope = new CancelScope({ timeoutMs: 1000, forgivesStalls });
    const answer = new Promise<string>((resolve) => lab.clock.outside.at(5000, () => resolve('answer')));
    assert.equal(await scope.run(() => answer), 'answer');
    assert.equal(scope.cancelCalled, false);
  }
});

law('a deadline that was set within the time lost gets no more than has passed since', async (lab) => {
  lab.clock.stall(400, 6000);
  await new CancelScope({ timeoutMs: 1000, forgivesStalls: true }).run(async (scope) => {
    // Heard at the end of the stall: from then on it is new.
    lab.clock.outside.at(5000, () => {
      scope.deadline = lab.clock.now() + 1000;
    });
    await sleepForever();
  });
  assert.equal(lab.clock.now(), 7400);
});

law('a scope that has none, was cancelled or was left is not moved', async (lab) => {
  lab.clock.stall(100, 1000);
  const open = new CancelScope({ forgivesStalls: true });
  const left = new CancelScope({ timeoutMs: 5000, forgivesStalls: true });
  await left.run(() => undefined);
  await open.run(async () => {
    await sleep(2000);
    assert.equal(open.deadline, Number.POSITIVE_INFINITY);
  });
  assert.equal(left.deadline, 5000);
});
