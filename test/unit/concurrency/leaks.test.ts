/** What is held, and by whom: measured by real garbage collections, never by the clock. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import {
  CancelScope,
  CleanupStack,
  checkpoint,
  Event,
  failAfter,
  gather,
  iterate,
  LeakTracker,
  Lock,
  moveOnAfter,
  openTasks,
  Queue,
  Semaphore,
  shield,
  sleep,
  type TaskGroup,
  taskGroup,
  untilAborted,
  wait,
} from '../../../src/concurrency/index.ts';
import { collectGarbage, heldBytes } from '../../support/collect-garbage.ts';
import { law } from '../../support/concurrency-lab.ts';

/** Work that is open and will never end, and that nobody holds; returns what can tell whether it is there still. */
function abandon(): readonly WeakRef<object>[] {
  const inScope = { name: 'held by a scope' };
  const inTask = { name: 'held by a task' };
  const inWait = { name: 'held by a wait' };
  void new CancelScope({ name: 'lost scope' }).run(async () => {
    await new Promise(() => undefined);
    return inScope;
  });
  void taskGroup(
    (group) => {
      group.startSoon(() => new Event().wait().then(() => inTask), { name: 'lost task' });
    },
    { name: 'lost group' },
  );
  void new Event().wait().then(() => inWait);
  return [inScope, inTask, inWait].map((held) => new WeakRef(held));
}

const alive = (refs: readonly WeakRef<object>[]): number =>
  refs.filter((ref) => ref.deref() !== undefined).length;

law('LT-2 tracking does not keep what it tracks alive', async () => {
  const tracker = new LeakTracker();
  const refs = abandon();
  const event = new Event();
  const held = { name: 'held by us' };
  const waiting = new CancelScope({ name: 'held scope' }).run(() => event.wait().then(() => held));
  const heldRef = new WeakRef(held);
  await checkpoint();
  assert.deepEqual(tracker.open(), [
    'lost scope',
    'lost group > lost task > event',
    'event',
    'held scope > event',
  ]);
  assert.equal(alive(refs), 3);
  const later = new LeakTracker();
  await collectGarbage();
  assert.equal(alive(refs), 0, 'the roots, or a tracker, keep something alive');
  assert.deepEqual(tracker.open(), ['held scope > event']);
  assert.deepEqual(openTasks(), ['held scope > event']);
  assert.deepEqual(later.open(), []);
  assert.equal(heldRef.deref()?.name, 'held by us');
  event.set();
  await waiting;
  tracker.assertNone();
});

law('LT-2 nor does what has ended keep anything: a scope, its signal and its task are not held', async () => {
  const kept: unknown[] = [];
  const refs = await (async () => {
    const data = { name: 'used inside' };
    const scope = new CancelScope({ timeoutMs: 1000 });
    kept.push(scope);
    await scope.run(async ({ signal }) => {
      kept.push(signal);
      await taskGroup((group) => {
        kept.push(group);
        group.startSoon(async (task) => {
          kept.push(task.scope);
          await sleep(data.name.length);
        });
      });
    });
    return [new WeakRef(data)];
  })();
  await collectGarbage();
  assert.equal(alive(refs), 0);
  assert.equal(kept.length, 4);
});

interface Surroundings {
  readonly signal: AbortSignal;
  readonly group: TaskGroup;
}

async function* two(): AsyncGenerator<number> {
  yield 1;
  yield 2;
}

const lock = new Lock();
const semaphore = new Semaphore(1);
const never = new Event();

/** Short-lived things, each of which is done many times under one long scope and one long signal. */
const deeds: Readonly<Record<string, (around: Surroundings) => Promise<unknown>>> = {
  'a scope under a signal': ({ signal }) => new CancelScope({ signal }).run(() => undefined),
  'a scope that is cancelled': ({ signal }) =>
    new CancelScope({ signal }).run((scope) => {
      scope.cancel();
      return checkpoint();
    }),
  'a scope with a deadline and a signal of its own': () =>
    new CancelScope({ timeoutMs: 60_000 }).run(({ signal }) => signal.aborted),
  'a scope whose task fails': ({ signal }) =>
    new CancelScope({ signal }).run(() => Promise.reject(new Error('x'))).catch(() => undefined),
  'failAfter in a shield': () => shield(() => failAfter(60_000, () => undefined)),
  'a group with two tasks': () =>
    taskGroup((group) => {
      group.startSoon(() => undefined);
      group.startSoon(async ({ signal }) => signal.aborted);
    }),
  'a start in a long group': ({ group }) => group.start(async ({ started }) => started()),
  'a short task in a long group': async ({ group }) => {
    const ended = new Event();
    group.startSoon(() => ended.set());
    await ended.wait();
  },
  'a wait with a signal, satisfied': async ({ signal }) => {
    const event = new Event();
    const waiting = event.wait({ signal });
    event.set();
    await waiting;
  },
  'a wait with a signal, cancelled': ({ signal }) =>
    new CancelScope().run((scope) => {
      const waiting = never.wait({ signal });
      scope.cancel();
      return waiting;
    }),
  'a wait with a signal, left behind by its scope': ({ signal }) =>
    new CancelScope().run(() => {
      void never.wait({ signal });
    }),
  'a wait for a long signal that is given up': ({ signal }) =>
    new CancelScope().run((scope) => {
      const waiting = untilAborted(signal);
      scope.cancel();
      return waiting;
    }),
  'a foreign promise': ({ signal }) => wait(Promise.resolve(1), { signal }),
  'a queue with a signal': async ({ signal }) => {
    const queue = new Queue<number>(0);
    await Promise.all([queue.get({ signal }), queue.put(1, { signal })]);
  },
  'a long-lived lock and semaphore': async ({ signal }) => {
    await lock.run(() => undefined, { signal });
    await semaphore.run(() => undefined, { signal });
  },
  'a gather of two': () => gather([() => 1, () => 2]),
  'a stack of clean-ups': () => CleanupStack.run((stack) => stack.push(() => undefined)),
  'an iteration that is left early': async ({ signal }) => {
    for await (const _ of iterate(two(), { signal })) break;
  },
};

/** What everybody does all the time is done more often. */
const COMMON = new Set([
  'a scope under a signal',
  'a group with two tasks',
  'a short task in a long group',
  'a wait with a signal, satisfied',
  'a wait with a signal, cancelled',
]);

/** Less than four fifths of the deeds leave if each leaves but one small object; more than compiled code takes. */
const FLAT_BYTES = 700_000;

for (const [name, deed] of Object.entries(deeds)) {
  const times = COMMON.has(name) ? 100_000 : 20_000;
  law(`AB-8 after ${times} times ${name} no listener is left and memory is flat`, async () => {
    const { signal } = new AbortController();
    await taskGroup(async (group) => {
      const around = { signal, group };
      const own = group.scope.signal;
      const repeat = async (count: number): Promise<void> => {
        for (let i = 0; i < count; i++) await deed(around);
        assert.deepEqual(
          [signal, own].map((each) => getEventListeners(each, 'abort').length),
          [0, 0],
        );
      };
      await repeat(times / 100);
      await repeat(times / 5);
      const before = await heldBytes();
      await repeat((times * 4) / 5);
      const grown = (await heldBytes()) - before;
      assert.ok(grown < FLAT_BYTES, `${grown} bytes more are held after ${times} than after a fifth`);
      assert.deepEqual(openTasks(), ['group']);
    });
  });
}

law('moveOnAfter around a long wait holds nothing of 100,000 that came before it', async (lab) => {
  await moveOnAfter(1_000_000, async () => {
    for (let i = 0; i < 100_000; i++) await moveOnAfter(5, () => undefined);
    assert.equal(lab.clock.pendingTimers, 1);
  });
});
