/** What leaves a cancelled scope, and what its waits say. */
import assert from 'node:assert/strict';
import {
  type CancelledError,
  CancelScope,
  checkpoint,
  Event,
  isCancelled,
  moveOnAfter,
  sleep,
  sleepForever,
  taskGroup,
} from '../../../src/concurrency/index.ts';
import { cancels, law, shape, thrownBy, whole } from '../../support/concurrency-lab.ts';

law('CS-34 an error that is not a cancellation passes a cancelled scope unchanged', async () => {
  const scope = new CancelScope();
  const failure = new Error('A');
  const error = await thrownBy(
    scope.run(async () => {
      scope.cancel();
      await cancels(checkpoint());
      throw failure;
    }),
  );
  assert.equal(error, failure);
  assert.deepEqual([scope.cancelCalled, scope.cancelledCaught], [true, false]);
});

law('CS-34 so does a group error without cancellations in it', async () => {
  const failure = new AggregateError([new Error('A')]);
  const scope = new CancelScope();
  scope.cancel();
  assert.equal(await thrownBy(scope.run(() => Promise.reject(failure))), failure);
  assert.equal(scope.cancelledCaught, false);
});

law(
  'CS-35 of a group error, a cancelled scope removes the cancellations and lets the rest pass',
  async (lab) => {
    const scope = new CancelScope();
    const error = await thrownBy(
      scope.run(() =>
        taskGroup((group) => {
          group.startSoon(() => sleepForever());
          group.startSoon(async () => {
            await cancels(sleepForever());
            throw new Error('A');
          });
          lab.clock.at(1000, () => scope.cancel());
        }),
      ),
    );
    assert.equal(shape(error), '[A]');
    assert.equal(scope.cancelledCaught, true);
  },
);

law(
  'CS-36 a wait satisfied before the cancellation in the same turn returns; the next one throws',
  async (lab) => {
    const event = new Event();
    await taskGroup((group) => {
      group.startSoon(async () => {
        await event.wait();
        lab.note('returned');
        await checkpoint();
        lab.note('not reached');
      });
      group.startSoon(async () => {
        await sleep(1000);
        event.set();
        group.cancel();
      });
    });
    lab.saw('returned');
  },
);

law('CS-37 cancelled first, satisfied after in the same turn: it throws', async (lab) => {
  const event = new Event();
  await taskGroup((group) => {
    group.startSoon(async () => {
      await cancels(event.wait());
      lab.note('threw');
    });
    group.startSoon(async () => {
      await sleep(1000);
      group.cancel();
      event.set();
    });
  });
  lab.saw('threw');
});

law('CS-38 a wait that need not block still throws in a cancelled scope', async () => {
  const event = new Event();
  event.set();
  await whole(async (scope) => {
    scope.cancel();
    await cancels(event.wait());
    await cancels(sleep(0));
  });
});

law('CS-39 a task spawned from inside a scope into an outer group is not in that scope', async (lab) => {
  await taskGroup(async (group) => {
    await moveOnAfter(1000, async () => {
      group.startSoon(async () => {
        await sleep(2000);
        lab.noteTime('task');
      });
      await sleepForever();
    });
    lab.noteTime('left');
  });
  lab.saw('left(1s) task(2s)');
});

law('CS-40 a kept CancelledError thrown in a scope that is not cancelled is not absorbed', async () => {
  let kept: unknown;
  await whole(async (scope) => {
    scope.cancel();
    kept = await thrownBy(checkpoint());
  });
  const scope = new CancelScope();
  assert.equal(await thrownBy(scope.run(() => Promise.reject(kept))), kept);
  assert.equal(scope.cancelledCaught, false);
});

law('CS-42 CancelledError says that a call caused it, and the reason given', async () => {
  await new CancelScope({ name: 'work' }).run(async (scope) => {
    scope.cancel('not needed');
    const error = (await thrownBy(checkpoint())) as CancelledError;
    assert.deepEqual([error.source, error.reason], ['call', 'not needed']);
    assert.equal(error.message, 'Cancelled "work": not needed');
  });
});

law('CS-42 CancelledError says that a deadline caused it', async () => {
  await whole(async () => {
    const error = (await thrownBy(sleepForever())) as CancelledError;
    assert.equal(error.source, 'deadline');
    assert.match(error.message, /deadline passed/);
  }, 1000);
});

law('CS-42 CancelledError says that a failing child caused it, and its error', async () => {
  const failure = new Error('no disk');
  await thrownBy(
    taskGroup(async (group) => {
      group.startSoon(() => Promise.reject(failure));
      const error = (await thrownBy(sleepForever())) as CancelledError;
      assert.deepEqual([error.source, error.reason], ['failure', failure]);
      assert.match(error.message, /one of its tasks failed: no disk/);
    }),
  );
});

law('CS-42 CancelledError says that a foreign signal caused it, and its reason', async () => {
  const controller = new AbortController();
  await new CancelScope({ signal: controller.signal, name: 'work' }).run(async () => {
    controller.abort('SIGTERM');
    const error = (await thrownBy(checkpoint())) as CancelledError;
    assert.deepEqual([error.source, error.reason], ['signal', 'SIGTERM']);
    assert.equal(error.message, 'Cancelled "work", because its signal aborted: SIGTERM');
  });
});

for (const first of ['inner', 'outer'] as const) {
  law(`CS-43 with both cancelled, a wait’s error names the one cancelled first, the ${first}`, async () => {
    const scopes = { outer: new CancelScope({ name: 'outer' }), inner: new CancelScope({ name: 'inner' }) };
    await scopes.outer.run(() =>
      scopes.inner.run(async () => {
        scopes[first].cancel();
        scopes.inner.cancel();
        scopes.outer.cancel();
        const error = await thrownBy(checkpoint());
        assert.ok(isCancelled(error));
        assert.equal((error as CancelledError).scopeName, first);
      }),
    );
  });
}
