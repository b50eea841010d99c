/** What code is silently given, and what not. */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  CancelScope,
  checkpoint,
  currentTask,
  detached,
  Event,
  effectiveDeadline,
  moveOnAfter,
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
} from '../../../../src/concurrency/index.ts';
import { cancels, law, shape, thrownBy, whole } from '../../../support/concurrency-lab.ts';
import { property } from '../../../support/property.ts';

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

law('detached work is in no scope and no task, and keeps the clock and the other contexts', async (lab) => {
  let ended: Promise<unknown> | undefined;
  const error = await thrownBy(
    moveOnAfter(10, () =>
      taskGroup((group) => {
        group.startSoon(() =>
          place.run('here', () => {
            ended = detached(async () => {
              assert.deepEqual(
                [place.getStore(), effectiveDeadline(), currentTask(), now()],
                ['here', Number.POSITIVE_INFINITY, undefined, 0],
              );
              await sleep(1000);
              lab.noteTime('done');
              return 'value';
            });
          }),
        );
        group.startSoon(() => Promise.reject(new Error('collapse')));
      }),
    ),
  );
  assert.equal(shape(error), '[collapse]');
  assert.equal(lab.clock.now(), 0);
  assert.equal(await ended, 'value');
  lab.saw('done(1s)');
});

law('detached gives what its function gives, and throws what it throws', async () => {
  await whole((scope) => {
    scope.cancel();
    assert.equal(
      detached(() => 5),
      5,
    );
    assert.throws(
      () =>
        detached(() => {
          throw new Error('a');
        }),
      /a/,
    );
  });
});

property(
  'AL-1 AL-6 CS-39 no cancellation around it reaches detached work, wherever it was begun, and its own ends it',
  fc.record({
    /** The scopes around it, from outside: how long each may last, and whether it is a task of a group. */
    around: fc.array(fc.record({ ms: fc.nat(5), isTask: fc.boolean() }), { minLength: 1, maxLength: 5 }),
    forMs: fc.nat(8),
    ownMs: fc.option(fc.nat(10), { nil: Number.POSITIVE_INFINITY }),
  }),
  async ({ around, forMs, ownMs }) => {
    let work: Promise<unknown> | undefined;
    const own = new CancelScope({ timeoutMs: ownMs });
    const began = now();
    const enter = async (depth: number): Promise<void> => {
      const here = around[depth];
      if (here === undefined) {
        work = detached(() => own.run(() => sleep(forMs).then(() => 'whole')));
        await sleepForever();
      } else {
        await moveOnAfter(here.ms, () =>
          here.isTask ? taskGroup((group) => void group.startSoon(() => enter(depth + 1))) : enter(depth + 1),
        );
      }
    };
    await enter(0);
    const value = await work;
    assert.equal(value, forMs < ownMs ? 'whole' : undefined);
    assert.ok(now() - began >= Math.min(forMs, ownMs));
  },
);
