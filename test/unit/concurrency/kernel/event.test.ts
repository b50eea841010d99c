/** Something that happens once. */
import assert from 'node:assert/strict';
import { checkpoint, Event, moveOnAfter, taskGroup } from '../../../../src/concurrency/index.ts';
import { law } from '../../../support/concurrency-lab.ts';

law('EV-1 set wakes all waiters; setting again does nothing', async (lab) => {
  const event = new Event();
  await taskGroup(async (group) => {
    for (const name of ['A', 'B']) {
      group.startSoon(async () => {
        await event.wait();
        lab.note(name);
      });
    }
    await checkpoint();
    assert.equal(event.isSet, false);
    event.set();
    event.set();
    assert.equal(event.isSet, true);
    lab.note('set');
  });
  await event.wait();
  event.set();
  lab.saw('set {A B}');
});

law('EV-2 a cancelled waiter is forgotten at once', async () => {
  const event = new Event();
  await moveOnAfter(1000, async (scope) => {
    const waiting = event.wait();
    assert.equal(event.waiting, 1);
    scope.cancel();
    assert.equal(event.waiting, 0);
    await waiting;
  });
});
