/** Whose deadline acts, and when it moves, by hand or because the process could not run; the passing of time. */
import assert from 'node:assert/strict';
import {
  CancelScope,
  checkpoint,
  Event,
  effectiveDeadline,
  moveOnAfter,
  moveOnAt,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  VirtualClock,
  withClock,
} from '../../../../src/concurrency/index.ts';
import { cancels, law, whole } from '../../../support/concurrency-lab.ts';

/** A virtual clock that can also be pushed on by code that does not wait. */
class BusyClock extends VirtualClock {
  busyMs = 0;

  override now(): number {
    return super.now() + this.busyMs;
  }
}

law('CS-15 inner deadline earlier: the inner block ends then, the outer goes on', async (lab) => {
  await moveOnAfter(2000, async (outer) => {
    await moveOnAfter(1000, () => sleepForever());
    lab.noteTime('inner');
    await sleep(500);
    lab.noteTime('on');
    assert.equal(outer.cancelCalled, false);
  });
  lab.saw('inner(1s) on(1.5s)');
});

law('CS-16 outer deadline earlier: all ends then, outer caught', async (lab) => {
  const outer = new CancelScope({ timeoutMs: 1000 });
  await outer.run(async () => {
    await moveOnAfter(2000, () => sleepForever());
    lab.note('not reached');
  });
  lab.noteTime('outer');
  assert.equal(outer.cancelledCaught, true);
  lab.saw('outer(1s)');
});

for (const [outerFirst, order] of [
  [true, 'outer'],
  [false, 'inner'],
] as const) {
  law(`CS-17 equal deadlines, the ${order} one set first: the outer absorbs`, async (lab) => {
    const outer = new CancelScope(outerFirst ? { deadline: 1000 } : {});
    const inner = new CancelScope({ deadline: 1000 });
    await outer.run(async () => {
      await inner.run(async () => {
        outer.deadline = 1000;
        await sleepForever();
      });
      lab.note('not reached');
    });
    assert.deepEqual([outer.cancelledCaught, inner.cancelledCaught], [true, false]);
    lab.saw('');
  });
}

law('CS-27 a deadline moved while waiting: later postpones', async (lab) => {
  await moveOnAfter(1000, async (scope) => {
    lab.clock.at(500, () => {
      scope.deadline = 3000;
    });
    await sleepForever();
  });
  assert.equal(lab.clock.now(), 3000);
});

law('CS-27 a deadline moved while waiting: earlier brings forward', async (lab) => {
  await moveOnAfter(3000, async (scope) => {
    lab.clock.at(500, () => {
      scope.deadline = 1000;
    });
    await sleepForever();
  });
  assert.equal(lab.clock.now(), 1000);
});

law('CS-27 a deadline moved while waiting: into the past cancels at once', async (lab) => {
  await moveOnAfter(3000, async (scope) => {
    lab.clock.at(500, () => {
      const { signal } = scope;
      scope.deadline = 100;
      assert.equal(signal.aborted, true);
      assert.equal(scope.cancelCalled, true);
    });
    await sleepForever();
  });
  assert.equal(lab.clock.now(), 500);
});

law(
  'CS-28 a cancelled scope has no timer left, whether cancelled before it was entered or after',
  async (lab) => {
    for (const scope of [new CancelScope({ deadline: 5000 }), new CancelScope({ deadline: 5000 })]) {
      if (lab.events.length === 0) scope.cancel();
      await scope.run(() => {
        scope.cancel();
        assert.equal(lab.clock.pendingTimers, 0);
        lab.note('checked');
      });
    }
    lab.saw('checked checked');
  },
);

law('CS-28 moving the deadline after expiry revives nothing', async (lab) => {
  const scope = new CancelScope({ timeoutMs: 1000 });
  await scope.run(async () => {
    await cancels(sleepForever());
    scope.deadline = 5000;
    await cancels(checkpoint());
    lab.noteTime('still');
    await checkpoint();
  });
  assert.equal(scope.cancelledCaught, true);
  lab.saw('still(1s)');
});

law('CS-29 a deadline that passed while code did not wait shows as called inside the scope', async () => {
  const clock = new BusyClock();
  await withClock(clock, () =>
    moveOnAfter(1000, async (scope) => {
      clock.busyMs += 999;
      assert.equal(scope.cancelCalled, false);
      clock.busyMs += 1;
      assert.equal(scope.cancelCalled, true);
      await cancels(checkpoint());
    }),
  );
});

law('CS-30 effectiveDeadline() is the earliest of the enclosing ones up to the nearest shield', async () => {
  await moveOnAt(1000, async () => {
    await moveOnAt(3000, () => assert.equal(effectiveDeadline(), 1000));
    await moveOnAt(500, () => assert.equal(effectiveDeadline(), 500));
    await shield(() => moveOnAt(3000, () => assert.equal(effectiveDeadline(), 3000)));
    await new CancelScope({ shield: true, deadline: 7000 }).run(() =>
      assert.equal(effectiveDeadline(), 7000),
    );
  });
});

law(
  'CS-29 a deadline around a pending start that passed while code did not wait acts at the next wait',
  async () => {
    const clock = new BusyClock();
    const happened = new Event();
    happened.set();
    await withClock(clock, () =>
      taskGroup((group) =>
        whole(async () => {
          await cancels(
            group.start(async () => {
              clock.busyMs += 1000;
              await cancels(happened.wait());
            }),
          );
        }, 1000),
      ),
    );
  },
);

law('CS-30 a pending start counts the scopes around it', async () => {
  await taskGroup(async (group) => {
    await moveOnAt(1000, () =>
      group.start(async (task) => {
        assert.equal(effectiveDeadline(), 1000);
        task.started();
        assert.equal(effectiveDeadline(), Number.POSITIVE_INFINITY);
      }),
    );
  });
});

law('CS-31 it is Infinity for none, −Infinity when cancelled or past', async () => {
  const clock = new BusyClock();
  await withClock(clock, async () => {
    assert.equal(effectiveDeadline(), Number.POSITIVE_INFINITY);
    await whole((scope) => {
      assert.equal(effectiveDeadline(), Number.POSITIVE_INFINITY);
      scope.cancel();
      assert.equal(effectiveDeadline(), Number.NEGATIVE_INFINITY);
    });
    await moveOnAfter(1000, () => {
      clock.busyMs += 1000;
      assert.equal(effectiveDeadline(), Number.NEGATIVE_INFINITY);
    });
  });
});

law('CS-32 checkpoint() throws when cancelled', async () => {
  await whole(async (scope) => {
    await checkpoint();
    scope.cancel();
    await cancels(checkpoint());
  });
});

for (const [name, waiting] of [
  ['checkpoint()', checkpoint],
  ['sleep(0)', () => sleep(0)],
] as const) {
  law(`CS-33 ${name} lets the tasks that are ready run before it resolves`, async (lab) => {
    await taskGroup(async (group) => {
      group.startSoon(async () => {
        for (let i = 0; i < 100; i++) await undefined;
        lab.note('ready');
      });
      await waiting();
      lab.noteTime('resolved');
    });
    lab.saw('ready resolved(0s)');
  });
}

law('CS-44 sleeps end in the order of their times, equal ones in the order of the calls', async (lab) => {
  await taskGroup((group) => {
    for (const [name, ms] of Object.entries({ A: 2000, B: 1000, C: 2000, D: 1500, E: 1000 })) {
      group.startSoon(async () => {
        await sleep(ms);
        lab.note(name);
      });
    }
  });
  lab.saw('B E D A C');
});

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
