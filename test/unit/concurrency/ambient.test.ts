/** What code is silently given, and what not. */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import {
  CancelScope,
  checkpoint,
  Event,
  effectiveDeadline,
  moveOnAt,
  now,
  Queue,
  ScopeEndedError,
  shield,
  sleep,
  sleepForever,
  systemClock,
  type TaskGroup,
  taskGroup,
  VirtualClock,
  wait,
  withClock,
} from '../../../src/concurrency/index.ts';
import { cancels, law, thrownBy, whole } from '../../support/concurrency-lab.ts';

const place = new AsyncLocalStorage<string>();

law('AL-1 a child has its group’s scope and the spawner’s other contexts as of startSoon', async () => {
  await moveOnAt(5000, () =>
    taskGroup(async (group) => {
      await moveOnAt(1000, () =>
        place.run('spawner', () =>
          group.startSoon(async () => {
            assert.equal(place.getStore(), 'spawner');
            assert.equal(effectiveDeadline(), 5000);
            await checkpoint();
            assert.equal(place.getStore(), 'spawner');
          }),
        ),
      );
      const other = new VirtualClock(77);
      withClock(other, () => group.startSoon(() => assert.equal(now(), 77)));
      await checkpoint();
    }),
  );
});

law('AL-2 what a child sets, neither parent nor siblings see', async () => {
  await taskGroup(async (group) => {
    group.startSoon(() => place.enterWith('child'));
    group.startSoon(async () => {
      await checkpoint();
      assert.equal(place.getStore(), undefined);
    });
    await checkpoint();
    assert.equal(place.getStore(), undefined);
  });
});

law('AL-3 a shield keeps all contexts but the scope', async () => {
  await place.run('outside', () =>
    whole(
      () =>
        shield(async () => {
          await checkpoint();
          assert.equal(place.getStore(), 'outside');
          assert.equal(effectiveDeadline(), Number.POSITIVE_INFINITY);
        }),
      1000,
    ),
  );
});

law('AL-4 timers and promise reactions made in a scope have it', async () => {
  const called = new Event();
  const deadline = systemClock.now() + 60_000;
  await withClock(systemClock, () =>
    moveOnAt(deadline, async () => {
      await Promise.resolve().then(() => assert.equal(effectiveDeadline(), deadline));
      setImmediate(() => {
        assert.equal(effectiveDeadline(), deadline);
        called.set();
      });
      await called.wait();
    }),
  );
});

law('AL-4 emitter and abort listeners have the emitter’s', async (lab) => {
  const emitter = new EventEmitter();
  const controller = new AbortController();
  await moveOnAt(1000, async () => {
    const listener = (): void => lab.note(String(effectiveDeadline()));
    emitter.on('event', listener);
    controller.signal.addEventListener('abort', listener);
    await moveOnAt(500, async () => {
      emitter.emit('event');
      controller.abort();
    });
  });
  lab.saw('500 500');
});

law('AL-5 a wait from a callback whose scope has ended rejects and says so', async () => {
  const begun = new Event();
  let late: Promise<void> | undefined;
  await new CancelScope({ name: 'short' }).run(() => {
    late = begun.wait.call(begun).then(
      () => undefined,
      (error: unknown) => {
        assert.ok(error instanceof ScopeEndedError);
        return sleep(1000);
      },
    );
  });
  await assert.rejects(async () => late, /"short": it has ended/);
});

law('AL-5 so does one begun in the scope and not awaited, and its timer is gone', async (lab) => {
  let winner: unknown;
  let loser: Promise<void> | undefined;
  await new CancelScope({ name: 'short' }).run(async () => {
    loser = sleep(5000);
    winner = await Promise.race([loser, sleep(1000).then(() => 'first')]);
  });
  assert.equal(winner, 'first');
  assert.equal(lab.clock.pendingTimers, 0);
  assert.ok((await thrownBy(loser ?? Promise.resolve())) instanceof ScopeEndedError);
});

test('AL-6 outside any scope waits work, uncancelled; effectiveDeadline() is Infinity', async () => {
  assert.equal(effectiveDeadline(), Number.POSITIVE_INFINITY);
  await checkpoint();
  const queue = new Queue<number>(0);
  const getting = queue.get();
  await queue.put(1);
  assert.equal(await getting, 1);
  assert.equal(await wait(Promise.resolve(2)), 2);
});

law('AL-7 two groups at once never see each other’s scope', async (lab) => {
  const group = async (name: string, ms: number): Promise<void> => {
    await moveOnAt(ms, () =>
      taskGroup(async (tasks: TaskGroup) => {
        tasks.startSoon(async () => {
          for (;;) {
            assert.equal(effectiveDeadline(), ms);
            await sleep(100);
          }
        });
        await cancels(sleepForever());
      }),
    );
    lab.noteTime(name);
  };
  await Promise.all([group('B', 2000), group('A', 1000)]);
  lab.saw('A(1s) B(2s)');
});
