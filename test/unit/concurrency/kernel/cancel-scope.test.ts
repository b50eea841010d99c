/** Cancelling a stretch of code by hand, and who absorbs it. */
import assert from 'node:assert/strict';
import {
  CancelledError,
  CancelScope,
  checkpoint,
  Event,
  shield,
  sleep,
  sleepForever,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { cancels, law, thrownBy, whole } from '../../../support/concurrency-lab.ts';

law('CS-1 cancel() sets called at once, caught only on leaving', async () => {
  const scope = new CancelScope();
  await scope.run(async () => {
    assert.equal(scope.cancelCalled, false);
    scope.cancel();
    assert.equal(scope.cancelCalled, true);
    assert.equal(scope.cancelledCaught, false);
    try {
      await checkpoint();
    } finally {
      assert.equal(scope.cancelledCaught, false);
    }
  });
  assert.equal(scope.cancelledCaught, true);
});

law('CS-2 a cancelled scope whose code does not wait runs to its end: called, not caught', async () => {
  const scope = new CancelScope();
  const value = await scope.run(() => {
    scope.cancel();
    return 'value';
  });
  assert.equal(value, 'value');
  assert.equal(scope.cancelCalled, true);
  assert.equal(scope.cancelledCaught, false);
});

law('CS-3 every wait in a cancelled scope throws, not only the first', async () => {
  await whole(async (scope) => {
    scope.cancel();
    for (const waiting of [checkpoint, () => sleep(1000), sleepForever, () => new Event().wait()]) {
      assert.ok((await thrownBy(waiting())) instanceof CancelledError);
    }
  });
});

law('CS-4 a block that swallows the cancellation and ends normally is not caught', async () => {
  const scope = new CancelScope();
  const value = await scope.run(async () => {
    scope.cancel();
    await cancels(checkpoint());
    return 'value';
  });
  assert.equal(value, 'value');
  assert.equal(scope.cancelledCaught, false);
});

law('CS-5 a wait in finally throws too, unless shielded', async (lab) => {
  await new CancelScope().run(async (scope) => {
    scope.cancel();
    try {
      await sleep(1000);
    } finally {
      await cancels(sleep(1000));
      await shield(() => sleep(1000));
      lab.noteTime('cleaned');
    }
  });
  lab.saw('cleaned(1s)');
});

law('CS-6 a second cancel does nothing, and the first reason stays', async () => {
  const scope = new CancelScope();
  scope.cancel('first');
  scope.cancel('second');
  assert.equal(scope.reason, 'first');
  await scope.run(async () => {
    assert.equal(((await thrownBy(checkpoint())) as CancelledError).reason, 'first');
  });
});

law('CS-7 cancelled before it is entered, the block runs to its first wait', async (lab) => {
  const scope = new CancelScope();
  scope.cancel();
  await scope.run(async () => {
    lab.note('begun');
    await checkpoint();
    lab.note('not reached');
  });
  assert.equal(scope.cancelledCaught, true);
  lab.saw('begun');
});

law('CS-8 cancelled after it was left, nobody is interrupted, though called is true', async (lab) => {
  const scope = new CancelScope();
  await taskGroup(async (group) => {
    let signal: AbortSignal | undefined;
    await scope.run(() => {
      signal = scope.signal;
      group.startSoon(async () => {
        await sleep(2000);
        lab.noteTime('task');
      });
    });
    lab.clock.at(500, () => scope.cancel());
    await sleep(1000);
    lab.noteTime('block');
    assert.equal(signal?.aborted, false);
  });
  assert.equal(scope.cancelCalled, true);
  assert.equal(scope.cancelledCaught, false);
  lab.saw('block(1s) task(2s)');
});

law('CS-8 a deadline after leaving does not even set called', async () => {
  const scope = new CancelScope({ timeoutMs: 1000 });
  await scope.run(() => undefined);
  await sleep(2000);
  assert.equal(scope.cancelCalled, false);
});

law('CS-9 a scope is entered once; again rejects', async () => {
  const scope = new CancelScope({ name: 'once' });
  await scope.run(() =>
    assert.rejects(
      scope.run(() => assert.fail('entered')),
      /"once" again/,
    ),
  );
  await assert.rejects(
    scope.run(() => assert.fail('entered')),
    /"once" again/,
  );
});

law('CS-10 cancel() from another task ends a pending wait at the same time', async (lab) => {
  const scope = new CancelScope();
  await taskGroup((group) => {
    group.startSoon(async () => {
      await scope.run(() => sleepForever());
      lab.noteTime('left');
    });
    group.startSoon(async () => {
      await sleep(1000);
      scope.cancel();
    });
  });
  lab.saw('left(1s)');
});

law(
  'CS-11 outer cancelled: the inner is neither called nor caught, code between does not run',
  async (lab) => {
    const outer = new CancelScope();
    const inner = new CancelScope();
    await outer.run(async () => {
      await inner.run(async () => {
        outer.cancel();
        await checkpoint();
      });
      lab.note('not reached');
    });
    assert.deepEqual([inner.cancelCalled, inner.cancelledCaught], [false, false]);
    assert.deepEqual([outer.cancelCalled, outer.cancelledCaught], [true, true]);
    lab.saw('');
  },
);

law('CS-12 inner cancelled: only its block ends, the outer runs on', async (lab) => {
  const outer = new CancelScope();
  await outer.run(async () => {
    await new CancelScope().run(async (inner) => {
      inner.cancel();
      await checkpoint();
    });
    await sleep(1000);
    lab.noteTime('on');
  });
  assert.deepEqual([outer.cancelCalled, outer.cancelledCaught], [false, false]);
  lab.saw('on(1s)');
});

for (const first of ['inner', 'outer'] as const) {
  law(
    `CS-13 both cancelled, ${first} first: the outer absorbs, the inner is called but not caught`,
    async (lab) => {
      const outer = new CancelScope();
      const inner = new CancelScope();
      await outer.run(async () => {
        await inner.run(async () => {
          const scopes = first === 'inner' ? [inner, outer] : [outer, inner];
          for (const scope of scopes) scope.cancel();
          await checkpoint();
        });
        lab.note('not reached');
      });
      assert.deepEqual([inner.cancelCalled, inner.cancelledCaught], [true, false]);
      assert.equal(outer.cancelledCaught, true);
      lab.saw('');
    },
  );
}

law('CS-14 likewise if the outer one is cancelled while the inner unwinds', async (lab) => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  await outer.run(async () => {
    await inner.run(async () => {
      inner.cancel();
      try {
        await checkpoint();
      } finally {
        outer.cancel();
      }
    });
    lab.note('not reached');
  });
  assert.deepEqual([inner.cancelledCaught, outer.cancelledCaught], [false, true]);
  lab.saw('');
});

law('CS-14 likewise if the outer one is cancelled while the inner cleans up shielded', async (lab) => {
  const outer = new CancelScope({ timeoutMs: 2000 });
  const inner = new CancelScope({ timeoutMs: 1000 });
  await outer.run(async () => {
    await inner.run(lab.cleaner('block', 5000));
    lab.note('not reached');
  });
  assert.deepEqual([inner.cancelledCaught, outer.cancelledCaught], [false, true]);
  lab.saw('block.cancelled block.cleaned');
});
