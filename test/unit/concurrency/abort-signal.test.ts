/** Scopes and the platform's own abort signals. */
import assert from 'node:assert/strict';
import { EventEmitter, getEventListeners, once } from 'node:events';
import {
  CancelledError,
  CancelScope,
  checkpoint,
  Event,
  moveOnAfter,
  Queue,
  shield,
  sleep,
  sleepForever,
  taskGroup,
  wait,
} from '../../../src/concurrency/index.ts';
import { cancels, law, thrownBy, whole } from '../../support/concurrency-lab.ts';

law('AB-1 a scope’s signal aborts when it is cancelled; its reason is the CancelledError', async () => {
  await whole(async (scope) => {
    const { signal } = scope;
    assert.equal(signal.aborted, false);
    scope.cancel('why');
    assert.equal(signal.aborted, true);
    assert.ok(signal.reason instanceof CancelledError);
    assert.equal(await thrownBy(checkpoint()), signal.reason);
  });
});

law('AB-1 it aborts when an enclosing scope up to a shield is cancelled', async () => {
  await whole(async (outer) => {
    await whole(async (inner) => {
      const { signal } = inner;
      await new CancelScope({ shield: true }).run(async (shielded) => {
        const beyond = shielded.signal;
        outer.cancel();
        assert.equal(signal.aborted, true);
        assert.equal(beyond.aborted, false);
      });
    });
  });
});

law('AB-1 a signal first asked for in a cancelled scope is aborted', async () => {
  await whole((outer) => {
    outer.cancel();
    return whole((inner) => assert.equal(inner.signal.aborted, true));
  });
  const early = new CancelScope();
  const { signal } = early;
  early.cancel();
  await early.run(() => assert.equal(signal.aborted, true));
});

law('AB-1 a task’s signal aborts with its group', async () => {
  await taskGroup(async (group) => {
    group.startSoon(async ({ signal }) => {
      await thrownBy(sleepForever());
      assert.equal(signal.aborted, true);
    });
    await checkpoint();
    group.cancel();
  });
});

law('AB-2 once aborted it stays aborted, even if a shield lets waits pass', async () => {
  await whole(async (outer) => {
    await whole(async (inner) => {
      const { signal } = inner;
      outer.cancel();
      inner.shield = true;
      await checkpoint();
      assert.equal(signal.aborted, true);
    });
  });
});

law('AB-3 a scope made from a foreign signal is cancelled when it aborts, and absorbs', async (lab) => {
  const controller = new AbortController();
  const scope = new CancelScope({ signal: controller.signal });
  const reason = new Error('why');
  lab.clock.at(1000, () => controller.abort(reason));
  await scope.run(() => sleepForever());
  assert.equal(scope.cancelledCaught, true);
  assert.equal(scope.reason, reason);
  assert.equal(lab.clock.now(), 1000);
});

law('AB-4 already aborted: cancelled from the start, the code before the first wait runs', async (lab) => {
  const scope = new CancelScope({ signal: AbortSignal.abort() });
  assert.equal(scope.cancelCalled, true);
  await scope.run(async () => {
    lab.note('begun');
    await checkpoint();
    lab.note('not reached');
  });
  lab.saw('begun');
});

law('AB-4 so does one that aborted between making the scope and entering it', async (lab) => {
  const controller = new AbortController();
  const scope = new CancelScope({ signal: controller.signal });
  controller.abort();
  await scope.run(async () => {
    lab.note('begun');
    await checkpoint();
    lab.note('not reached');
  });
  assert.equal(scope.cancelledCaught, true);
  lab.saw('begun');
});

law('AB-5 a wait given a signal obeys it as well as its scope, whichever comes first', async (lab) => {
  const controller = new AbortController();
  const options = { signal: controller.signal };
  await moveOnAfter(1000, () => cancels(sleep(5000, options)));
  lab.clock.at(2000, () => controller.abort('stop'));
  assert.equal(await thrownBy(sleep(5000, options)), 'stop');
  assert.equal(lab.clock.now(), 2000);
});

law('AB-5 an outer signal handed into a shield pierces it', async (lab) => {
  const outer = new CancelScope({ timeoutMs: 1000 });
  await outer.run(async () => {
    await shield(() => sleep(5000, { signal: outer.signal }));
    lab.note('not reached');
  });
  assert.equal(outer.cancelledCaught, true);
  assert.equal(lab.clock.now(), 1000);
});

law('AB-6 a foreign abort rejects the wait with the reason as it is; no scope absorbs it', async () => {
  const queue = new Queue<number>(0);
  const waits = [
    (signal: AbortSignal) => sleep(1000, { signal }),
    (signal: AbortSignal) => sleepForever({ signal }),
    (signal: AbortSignal) => checkpoint({ signal }),
    (signal: AbortSignal) => new Event().wait({ signal }),
    (signal: AbortSignal) => queue.get({ signal }),
    (signal: AbortSignal) => wait(new Promise(() => undefined), { signal }),
  ];
  for (const waiting of waits) {
    const controller = new AbortController();
    const scope = new CancelScope();
    const run = scope.run(() => waiting(controller.signal));
    controller.abort();
    assert.equal(await thrownBy(run), controller.signal.reason);
    assert.equal(scope.cancelledCaught, false);
    assert.equal(await thrownBy(waiting(controller.signal)), controller.signal.reason);
  }
});

law(
  'AB-7 a platform call given a scope’s signal is absorbed, ending in an AbortError with our cause',
  async () => {
    const scope = new CancelScope();
    const run = scope.run(async () => {
      const error = await thrownBy(once(new EventEmitter(), 'never', { signal: scope.signal }));
      assert.equal((error as Error).name, 'AbortError');
      throw error;
    });
    scope.cancel();
    await run;
    assert.equal(scope.cancelledCaught, true);
  },
);

law('AB-7 so is one that ends in our error itself', async () => {
  const scope = new CancelScope();
  await scope.run(() => {
    scope.cancel();
    scope.signal.throwIfAborted();
  });
  assert.equal(scope.cancelledCaught, true);
});

law('AB-7 in a group such an error is a cancellation, not a failure', async () => {
  await taskGroup(async (group) => {
    group.startSoon(({ signal }) => once(new EventEmitter(), 'never', { signal }));
    await checkpoint();
    group.cancel();
  });
});

law('AB-8 listeners are gone after each wait and scope, however it ended', async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = () => getEventListeners(signal, 'abort').length;
  await sleep(10, { signal });
  await moveOnAfter(10, () => cancels(sleepForever({ signal })));
  await thrownBy(wait(Promise.reject(new Error('A')), { signal }));
  await thrownBy(new CancelScope({ signal }).run(() => Promise.reject(new Error('A'))));
  assert.equal(listeners(), 0);
  const aborted = sleepForever({ signal });
  const scope = new CancelScope({ signal }).run(() => sleepForever());
  assert.equal(listeners(), 2);
  controller.abort('stop');
  await thrownBy(aborted);
  await scope;
  assert.equal(listeners(), 0);
});

law('AB-8 after 100,000 short scopes under one signal, none is left', async () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 100_000; i++) await new CancelScope({ signal }).run(() => undefined);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

law('AB-9 an abort listener that throws does not stop the cancellation of others', async (lab) => {
  const thrown: unknown[] = [];
  process.setUncaughtExceptionCaptureCallback((error) => thrown.push(error));
  try {
    await taskGroup(async (group) => {
      group.scope.signal.addEventListener('abort', () => {
        throw new Error('listener');
      });
      group.startSoon(async ({ signal }) => {
        signal.addEventListener('abort', () => lab.note('listener'));
        await sleepForever();
      });
      group.startSoon(lab.cancellee('sibling'));
      await checkpoint();
      group.cancel();
    });
    await checkpoint();
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
  assert.equal(thrown.length, 1);
  lab.saw('sibling.start listener sibling.cancelled');
});
