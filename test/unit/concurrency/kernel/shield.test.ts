/** What a shield keeps out, and what it does not. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  checkpoint,
  effectiveDeadline,
  failAfter,
  moveOnAfter,
  shield,
  sleep,
  sleepForever,
  TimeoutError,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { cancels, failAt, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';

law('SH-1 a shielded block runs to its end in a cancelled scope; the next wait throws', async (lab) => {
  await whole(async (scope) => {
    scope.cancel();
    await shield(async () => {
      await sleep(1000);
      await sleep(1000);
    });
    lab.noteTime('shielded');
    await cancels(checkpoint());
  });
  lab.saw('shielded(2s)');
});

law('SH-2 shield returns the value even if the outside was cancelled meanwhile', async () => {
  await whole(async () => {
    assert.equal(await shield(() => sleep(1000).then(() => 'value')), 'value');
  }, 500);
  assert.equal(await shield(() => 'sync'), 'sync');
});

law('SH-3 shield does not return before its function has ended', async (lab) => {
  await moveOnAfter(500, async () => {
    await shield(() => sleep(1000));
    lab.noteTime('returned');
  });
  lab.saw('returned(1s)');
});

law('SH-4 a second and third cancellation do not reach it either', async (lab) => {
  const [first, second, third] = [new CancelScope(), new CancelScope(), new CancelScope()];
  lab.clock.at(100, () => first.cancel());
  lab.clock.at(200, () => second.cancel());
  lab.clock.at(300, () => third.cancel());
  await third.run(() =>
    second.run(() =>
      first.run(async () => {
        await shield(() => sleep(1000));
        lab.noteTime('shielded');
        await checkpoint();
      }),
    ),
  );
  lab.saw('shielded(1s)');
  assert.equal(third.cancelledCaught, true);
});

law(
  'SH-5 its own moveOnAfter ends it though the outside is cancelled; code after runs to its next wait',
  async (lab) => {
    await whole(async (scope) => {
      scope.cancel();
      await shield(async () => {
        await moveOnAfter(1000, () => sleepForever());
        lab.noteTime('limit');
        await sleep(500);
      });
      lab.noteTime('after');
      await cancels(checkpoint());
    });
    lab.saw('limit(1s) after(1.5s)');
  },
);

law('SH-5 so does its own failAfter', async (lab) => {
  await whole(async (scope) => {
    scope.cancel();
    const error = await thrownBy(shield(() => failAfter(1000, () => sleepForever())));
    assert.ok(error instanceof TimeoutError);
    lab.noteTime('after');
  });
  lab.saw('after(1s)');
});

law(
  'SH-6 an outer shield’s deadline does not cut an inner shield; it acts when the inner has ended',
  async (lab) => {
    const outer = new CancelScope({ shield: true, timeoutMs: 1000 });
    await outer.run(async () => {
      await shield(() => sleep(2000));
      lab.noteTime('inner');
      await checkpoint();
      lab.note('not reached');
    });
    assert.equal(outer.cancelledCaught, true);
    lab.saw('inner(2s)');
  },
);

law('SH-7 a scope cancelled by itself is ended though it is a shield', async (lab) => {
  const scope = new CancelScope({ shield: true });
  lab.clock.at(1000, () => scope.cancel());
  await scope.run(() => sleepForever());
  assert.equal(scope.cancelledCaught, true);
  assert.equal(lab.clock.now(), 1000);
});

law('SH-8 turning a shield off in a cancelled surrounding ends pending waits at once', async (lab) => {
  await whole(async (outer) => {
    outer.cancel();
    await new CancelScope({ shield: true }).run(async (inner) => {
      lab.clock.at(1000, () => {
        inner.shield = false;
      });
      await cancels(sleepForever());
      lab.noteTime('ended');
    });
  });
  lab.saw('ended(1s)');
});

law('SH-9 turning it on lets the following waits pass', async (lab) => {
  await whole(async (outer) => {
    await whole(async (inner) => {
      outer.cancel();
      await cancels(checkpoint());
      inner.shield = true;
      await sleep(1000);
      lab.noteTime('passed');
    });
    await cancels(checkpoint());
  });
  lab.saw('passed(1s)');
});

law(
  'SH-10 an error in the shield leaves as it is; the cancelled outer scope is called, not caught',
  async () => {
    const outer = new CancelScope();
    const failure = new Error('A');
    const error = await thrownBy(
      outer.run(() => {
        outer.cancel();
        return shield(() => Promise.reject(failure));
      }),
    );
    assert.equal(error, failure);
    assert.deepEqual([outer.cancelCalled, outer.cancelledCaught], [true, false]);
  },
);

law('SH-11 if that error is handled, the pending cancellation strikes at the next wait', async (lab) => {
  const outer = new CancelScope();
  await outer.run(async () => {
    outer.cancel();
    await thrownBy(shield(() => failAt(1000, 'A')));
    lab.noteTime('handled');
    await checkpoint();
    lab.note('not reached');
  });
  assert.equal(outer.cancelledCaught, true);
  lab.saw('handled(1s)');
});

law('SH-12 an error thrown by clean-up replaces the cancellation it cleaned up after', async () => {
  const outer = new CancelScope({ timeoutMs: 1000 });
  const error = await thrownBy(
    outer.run(async () => {
      try {
        await sleepForever();
      } finally {
        await shield(() => failAt(1000, 'clean-up'));
      }
    }),
  );
  assert.equal(shape(error), 'clean-up');
  assert.equal(outer.cancelledCaught, false);
});

law('SH-13 children of a group inside the shield are shielded', async (lab) => {
  await whole(async (scope) => {
    scope.cancel();
    await shield(() =>
      taskGroup((group) => {
        group.startSoon(async () => {
          await sleep(1000);
          lab.noteTime('child');
        });
      }),
    );
  });
  lab.saw('child(1s)');
});

law('SH-13 a child spawned from the shield into a group outside is not', async (lab) => {
  await taskGroup(async (group) => {
    await shield(async () => {
      group.startSoon(lab.cancellee('child'));
      await sleep(1000);
      group.cancel();
      await sleep(1000);
      lab.noteTime('shielded');
    });
  });
  lab.saw('child.start child.cancelled shielded(2s)');
});

law(
  'SH-14 a sibling’s failure does not interrupt a shielded body; its own error comes second',
  async (lab) => {
    const error = await thrownBy(
      taskGroup(async (group) => {
        group.startSoon(() => failAt(1000, 'sibling'));
        await shield(() => failAt(2000, 'body'));
      }),
    );
    assert.equal(shape(error), '[sibling,body]');
    assert.equal(lab.clock.now(), 2000);
  },
);

law(
  'SH-15 an outer deadline that passed during the shield, with no wait after it, is no timeout',
  async () => {
    assert.equal(await failAfter(1000, () => shield(() => sleep(2000).then(() => 'value'))), 'value');
  },
);

law('SH-16 inside, effectiveDeadline() ignores the outside', async () => {
  await moveOnAfter(1000, async (scope) => {
    await shield(() => assert.equal(effectiveDeadline(), Number.POSITIVE_INFINITY));
    scope.cancel();
    await shield(() => assert.equal(effectiveDeadline(), Number.POSITIVE_INFINITY));
  });
});
