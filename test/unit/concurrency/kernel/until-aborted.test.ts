/** Waiting for a foreign signal. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { CancelScope, moveOnAfter, taskGroup, untilAborted } from '../../../../src/concurrency/index.ts';
import { cancels, law, thrownBy, whole } from '../../../support/concurrency-lab.ts';

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

law('untilAborted resolves with the reason when the signal aborts, and leaves no listener', async (lab) => {
  const controller = new AbortController();
  const { signal } = controller;
  lab.clock.at(1000, () => controller.abort('enough'));
  const waiting = untilAborted(signal);
  assert.equal(listeners(signal), 1);
  assert.equal(await waiting, 'enough');
  assert.equal(lab.clock.now(), 1000);
  assert.equal(listeners(signal), 0);
});

law('it resolves at once if the signal has aborted, but not in a cancelled scope', async () => {
  const signal = AbortSignal.abort('before');
  assert.equal(await untilAborted(signal), 'before');
  await whole(async (scope) => {
    scope.cancel();
    await cancels(untilAborted(signal));
  });
});

law('it obeys its scope, and leaves no listener', async (lab) => {
  const { signal } = new AbortController();
  await moveOnAfter(1000, () => untilAborted(signal));
  assert.equal(lab.clock.now(), 1000);
  assert.equal(listeners(signal), 0);
});

law('it obeys the signal of its options as every wait does, and leaves no listener on either', async () => {
  const [awaited, other] = [new AbortController(), new AbortController()];
  const waiting = untilAborted(awaited.signal, { signal: other.signal });
  other.abort('other');
  assert.equal(await thrownBy(waiting), 'other');
  assert.deepEqual([listeners(awaited.signal), listeners(other.signal)], [0, 0]);
  const again = new AbortController();
  const second = untilAborted(awaited.signal, { signal: again.signal });
  awaited.abort('awaited');
  again.abort('too late');
  assert.equal(await second, 'awaited');
  assert.deepEqual([listeners(awaited.signal), listeners(again.signal)], [0, 0]);
});

for (const [first, outcome] of [
  ['abort', 'reason'],
  ['cancel', 'cancelled'],
] as const) {
  law(`CS-36 CS-37 of abort and cancellation in one turn the first counts: ${first}`, async (lab) => {
    const controller = new AbortController();
    const scope = new CancelScope();
    const acts = { abort: () => controller.abort('reason'), cancel: () => scope.cancel() };
    const run = scope.run(async () => lab.note(String(await untilAborted(controller.signal))));
    acts[first]();
    acts.abort();
    acts.cancel();
    await run;
    if (scope.cancelledCaught) lab.note('cancelled');
    lab.saw(outcome);
  });
}

law('a task that waits for a signal ends the group when it comes', async (lab) => {
  const controller = new AbortController();
  lab.clock.at(1000, () => controller.abort('SIGTERM'));
  await taskGroup(async (group) => {
    group.startSoon(lab.cleaner('worker', 500));
    group.cancel(String(await untilAborted(controller.signal)));
    assert.equal(group.scope.reason, 'SIGTERM');
  });
  lab.saw('worker.cancelled worker.cleaned');
});
