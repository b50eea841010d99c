/** Cancelling a group from within, from around, and one child of it. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  checkpoint,
  sleep,
  sleepForever,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { cancels, law } from '../../../support/concurrency-lab.ts';

law('TG-25 cancel() ends children and the waits of the body; code after the group runs', async (lab) => {
  let scope: CancelScope | undefined;
  await taskGroup(async (group) => {
    scope = group.scope;
    group.startSoon(lab.cancellee('child'));
    await sleep(1000);
    group.cancel();
    assert.equal(scope.cancelledCaught, false);
    await cancels(sleep(1000));
    lab.noteTime('body');
  });
  lab.note('after');
  assert.equal(scope?.cancelledCaught, true);
  lab.saw('child.start child.cancelled body(1s) after');
});

law('TG-26 a child may cancel its own group; it runs on to its next wait', async (lab) => {
  await taskGroup((group) => {
    group.startSoon(async () => {
      await sleep(1000);
      group.cancel();
      lab.note('on');
      await checkpoint();
      lab.note('not reached');
    });
    group.startSoon(lab.cancellee('sibling'));
  });
  lab.saw('sibling.start on sibling.cancelled');
});

law(
  'TG-27 cancelling a scope around the group cancels all children, and code after it does not run',
  async (lab) => {
    const scope = new CancelScope();
    let inner: CancelScope | undefined;
    await scope.run(async () => {
      await taskGroup((group) => {
        inner = group.scope;
        group.startSoon(lab.cancellee('A'));
        group.startSoon(lab.cancellee('B'));
        group.startSoon(async () => {
          await sleep(1000);
          scope.cancel();
        });
      });
      lab.note('not reached');
    });
    assert.equal(scope.cancelledCaught, true);
    assert.equal(inner?.cancelledCaught, false);
    assert.equal(inner?.cancelCalled, false);
    lab.saw('A.start B.start {A.cancelled B.cancelled}');
  },
);

law('TG-28 cancelling one child’s own scope leaves siblings and group untouched', async (lab) => {
  await taskGroup(async (group) => {
    let own: CancelScope | undefined;
    group.startSoon(async (task) => {
      own = task.scope;
      await lab.cancellee('A')();
    });
    group.startSoon(async () => {
      await sleep(2000);
      lab.noteTime('B');
    });
    await sleep(1000);
    own?.cancel();
    await sleep(500);
    lab.noteTime('body');
    assert.equal(own?.cancelledCaught, true);
    assert.equal(group.scope.cancelCalled, false);
  });
  lab.saw('A.start A.cancelled body(1.5s) B(2s)');
});

law('TG-28 a scope that a child opened is its own as well', async (lab) => {
  await taskGroup((group) => {
    group.startSoon(async () => {
      await new CancelScope({ timeoutMs: 1000 }).run(() => sleepForever());
      lab.noteTime('A');
    });
    group.startSoon(async () => {
      await sleep(2000);
      lab.noteTime('B');
    });
  });
  lab.saw('A(1s) B(2s)');
});
