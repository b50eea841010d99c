/** Whatever a task, a body or a clean-up throws: it leaves as the very thing that it is, and nothing hangs. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  boundedMap,
  CancelScope,
  CleanupStack,
  CompletionStream,
  gather,
  isCancelled,
  nonCancelSubgroup,
  race,
  retry,
  sleep,
  sleepForever,
  splitCancellation,
  splitErrors,
  TaskManager,
  taskGroup,
} from '../../../src/concurrency/index.ts';
import { errorsOf, errorText, messageOf, traceOf } from '../../../src/concurrency/kernel/errors/thrown.ts';
import { law } from '../../support/concurrency-lab.ts';
import { property } from '../../support/property.ts';
import { ANIMALS, anAnimal, animal } from '../../support/thrown-zoo.ts';

/** A box: what is caught may be undefined. */
async function caught(
  run: () => Promise<unknown> | unknown,
): Promise<{ readonly error: unknown } | undefined> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return { error };
  }
}

/** It is `thrown`, or a group with that in it at any depth. */
function holds(error: unknown, thrown: unknown): boolean {
  const found = new Set([error]);
  for (const one of found) for (const inner of errorsOf(one) ?? []) found.add(inner);
  return found.has(thrown);
}

const CAGES: Readonly<Record<string, (toss: () => never) => Promise<unknown>>> = {
  'a body': (toss) => taskGroup(toss),
  'a task': (toss) => taskGroup((group) => void group.startSoon(toss)),
  'a task beside others': (toss) =>
    taskGroup((group) => {
      group.startSoon(() => sleepForever());
      group.startSoon(async () => {
        await sleep(1);
        toss();
      });
    }),
  'a task on its way out': (toss) =>
    taskGroup((group) => {
      group.startSoon(() => sleepForever().catch(toss));
      group.cancel();
    }),
  start: (toss) => taskGroup((group) => group.start(async () => toss())),
  gather: (toss) => gather([toss, () => sleepForever()]),
  race: (toss) => race([toss, () => sleepForever()]),
  'a race that was lost': (toss) => race([() => 1, () => sleepForever().catch(toss)]),
  boundedMap: (toss) => boundedMap([1, 2, 3], 2, toss),
  retry: (toss) => retry(toss, { attempts: 2, delayMs: 1 }),
  'a stream of completions': async (toss) => {
    for await (const _ of new CompletionStream([toss]));
  },
  'a stack': (toss) => CleanupStack.run(toss),
  'a leave of a stack': (toss) => CleanupStack.run((stack) => void stack.push(toss)),
  'a leave of a stack that was cancelled': (toss) =>
    new CancelScope({ timeoutMs: 1 }).run(() =>
      CleanupStack.run(async (stack) => {
        stack.push(toss);
        stack.push(toss);
        await sleepForever();
      }),
    ),
  'a managed task': (toss) => TaskManager.run({}, async (tasks) => tasks.spawn(toss).result),
};

for (const [where, run] of Object.entries(CAGES)) {
  law(`anything can be thrown in ${where}: it leaves as what it is`, async () => {
    for (const name of ANIMALS) {
      const { thrown } = animal(name);
      const outcome = await caught(() =>
        run(() => {
          throw thrown;
        }),
      );
      assert.ok(outcome !== undefined && holds(outcome.error, thrown), name);
    }
  });
}

property(
  'anything can be thrown through cancelled scopes and nested groups: all that was thrown leaves',
  fc.array(anAnimal, { minLength: 1, maxLength: 4 }),
  async (names) => {
    const animals = names.map((name) => animal(name).thrown);
    const outcome = await caught(() =>
      new CancelScope({ timeoutMs: 5 }).run(() =>
        taskGroup(async (outer) => {
          for (const thrown of animals) {
            outer.startSoon(() =>
              taskGroup((group) => {
                group.startSoon(() => sleepForever());
                group.startSoon(() => sleepForever().catch(() => Promise.reject(thrown)));
              }),
            );
          }
          await sleepForever();
        }),
      ),
    );
    for (const thrown of animals) assert.ok(outcome !== undefined && holds(outcome.error, thrown));
  },
);

law('anything can be looked at: there is a text, and it is in one of the two parts', async () => {
  for (const name of ANIMALS) {
    const { thrown } = animal(name);
    assert.equal(isCancelled(thrown), false, name);
    for (const text of [messageOf(thrown), errorText(thrown), traceOf(thrown)])
      assert.equal(typeof text, 'string');
    assert.equal(splitCancellation(thrown)[0], undefined, name);
    splitErrors(thrown, TypeError);
    nonCancelSubgroup(thrown);
    assert.ok(new CancelScope({ signal: AbortSignal.abort(thrown) }).cancelCalled);
    const scope = new CancelScope();
    scope.cancel(thrown as string);
    await scope.run(() => sleep(1));
    assert.ok(scope.cancelledCaught, name);
  }
});

law('what is no error is told by a short picture of it', async () => {
  const texts: readonly (readonly [string, string])[] = [
    ['a plain object', '{ code: 5 }'],
    ['an object of nothing', '[Object: null prototype] {}'],
    ['a revoked proxy', '<Revoked Proxy>'],
    ['a symbol', 'Symbol(thrown)'],
    ['undefined', 'undefined'],
    ['an error without a message', 'TypeError'],
    ['an error', 'plain'],
  ];
  for (const [name, text] of texts) assert.equal(messageOf(animal(name).thrown), text);
});
