/** Telling cancellations from failures. */
import assert from 'node:assert/strict';
import {
  CancelledError,
  CancelScope,
  CleanupStack,
  isCancelled,
  nonCancelSubgroup,
  sleepForever,
  splitCancellation,
  splitErrors,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { law, shape, thrownBy } from '../../../support/concurrency-lab.ts';

const cancelled = new CancelledError('call', undefined, 'scope');

function abortError(cause?: unknown): Error {
  const error = new Error('aborted', { cause });
  error.name = 'AbortError';
  return error;
}

law('EG-1 isCancelled: a CancelledError, or an AbortError whose cause chain ends in one', async () => {
  assert.equal(isCancelled(cancelled), true);
  assert.equal(isCancelled(abortError(cancelled)), true);
  assert.equal(isCancelled(abortError(abortError(new Error('between', { cause: cancelled })))), true);
});

law(
  'EG-2 isCancelled is false for group errors, foreign AbortErrors and values that are not errors',
  async () => {
    const cyclic = abortError();
    cyclic.cause = cyclic;
    const foreign = AbortSignal.abort().reason;
    const others = [
      undefined,
      null,
      'Cancelled',
      { name: 'CancelledError' },
      new Error('x', { cause: cancelled }),
    ];
    for (const error of [new AggregateError([cancelled]), abortError(), cyclic, foreign, ...others]) {
      assert.equal(isCancelled(error), false);
    }
  },
);

const [a, b] = [new Error('a'), new TypeError('b')];
const cause = new Error('cause');
const inner = new AggregateError([cancelled, b], 'inner');
const cancelledOnly = new AggregateError([cancelled], 'cancelled only');
const group = new AggregateError([cancelled, a, inner, cancelledOnly], 'outer', { cause });

law('EG-3 splitCancellation gives both sides the nesting and message of the group', async () => {
  const [cancellations, rest] = splitCancellation(group);
  assert.ok(cancellations instanceof AggregateError && rest instanceof AggregateError);
  assert.deepEqual([cancellations.message, rest.message], ['outer', 'outer']);
  const nested = rest.errors[1];
  assert.ok(nested instanceof AggregateError);
  assert.equal(nested.message, 'inner');
  assert.deepEqual(nested.errors, [b]);
  assert.deepEqual(
    cancellations.errors.map((error: Error) => error.message),
    [cancelled.message, 'inner', 'cancelled only'],
  );
});

law('EG-4 an empty side is undefined, empty subgroups vanish, and a group of one stays a group', async () => {
  assert.equal(splitCancellation(new AggregateError([a]))[0], undefined);
  assert.equal(splitCancellation(cancelledOnly)[1], undefined);
  const [, rest] = splitCancellation(new AggregateError([cancelledOnly, new AggregateError([a])]));
  assert.equal(rest?.errors.length, 1);
  assert.ok(rest?.errors[0] instanceof AggregateError);
  assert.deepEqual(rest.errors[0].errors, [a]);
});

law(
  'EG-5 the same error objects in the same order, the cause on both sides; the group is not changed',
  async () => {
    const [cancellations, rest] = splitCancellation(group);
    assert.equal(rest?.errors[0], a);
    assert.equal(cancellations?.errors[0], cancelled);
    assert.deepEqual([cancellations?.cause, rest?.cause], [cause, cause]);
    assert.equal('cause' in (splitCancellation(inner)[1] ?? {}), false);
    assert.deepEqual(group.errors, [cancelled, a, inner, cancelledOnly]);
    assert.deepEqual(inner.errors, [cancelled, b]);
  },
);

law(
  'EG-3 EG-4 EG-5 splitErrors: the same laws for those of a class, and those that a function says true of',
  async () => {
    const [, rest] = splitCancellation(group);
    const kinds = [TypeError, (error: unknown) => error === b];
    for (const kind of kinds) {
      const [types, others] = splitErrors(group, kind);
      assert.equal(shape(types), '[[b]]');
      assert.equal(shape(others), '[Cancelled,a,[Cancelled],[Cancelled]]');
      assert.deepEqual([types?.message, others?.message], ['outer', 'outer']);
      assert.deepEqual([types?.cause, others?.cause], [cause, cause]);
      assert.equal(types?.errors[0].errors[0], b);
    }
    assert.deepEqual(splitErrors(group, RangeError), [undefined, group]);
    assert.equal(shape(splitErrors(rest, Error)[0]), '[a,[b]]');
    assert.deepEqual(splitErrors(rest, Error)[1], undefined);
    assert.deepEqual(group.errors, [cancelled, a, inner, cancelledOnly]);
  },
);

law('EG-5 what is all on one side is the very object, of whatever class it is', async () => {
  class Refused extends AggregateError {}
  const refused = new Refused([b]);
  const none = new AggregateError([]);
  const mixed = new AggregateError([cancelled, refused, none]);
  assert.deepEqual(splitCancellation(mixed)[1]?.errors, [refused, none]);
  assert.equal(splitCancellation(mixed)[1]?.errors[0], refused);
  assert.equal(splitErrors(mixed, Refused)[0]?.errors[0], refused);
  assert.equal(splitErrors(refused, Refused)[0], refused);
  assert.deepEqual(splitErrors(none, TypeError)[1]?.errors, [none]);
});

class Point {}
function Old(this: object): void {}
Old.prototype = Object.create(Error.prototype);

for (const [name, kind, thrown] of [
  ['a class that is no error', Point, new Point()],
  ['a class of old', Old as never, Object.create(Old.prototype)],
  ['a function', (error: unknown) => error === 5, 5],
  [
    'a function that is not an arrow',
    function isFive(error: unknown) {
      return error === 5;
    },
    5,
  ],
] as const) {
  law(`EG-3 splitErrors takes ${name}`, async () => {
    const mixed = new AggregateError([a, thrown]);
    assert.deepEqual(splitErrors(mixed, kind)[0]?.errors, [thrown]);
    assert.deepEqual(splitErrors(mixed, kind)[1]?.errors, [a]);
  });
}

law('EG-6 nonCancelSubgroup is the rest alone', async () => {
  assert.deepEqual(nonCancelSubgroup(group), splitCancellation(group)[1]);
  assert.equal(nonCancelSubgroup(cancelledOnly), undefined);
});

law('EG-7 a lone error is treated as a group of one', async () => {
  const [cancellations, rest] = splitCancellation(a);
  assert.equal(cancellations, undefined);
  assert.deepEqual(rest?.errors, [a]);
  assert.deepEqual(splitCancellation(cancelled)[0]?.errors, [cancelled]);
  assert.deepEqual(nonCancelSubgroup('text')?.errors, ['text']);
});

for (const thrown of [a, 'text', 0, null, undefined]) {
  law(`EG-8 what is in a group error is the very value thrown: ${String(thrown)}`, async () => {
    for (const reject of [
      () => Promise.reject(thrown),
      () => {
        throw thrown;
      },
    ]) {
      const error = await thrownBy(taskGroup((tasks) => tasks.startSoon(reject)));
      assert.ok(error instanceof AggregateError);
      assert.deepEqual(error.errors, [thrown]);
      assert.equal(error.errors[0], thrown);
    }
  });
}

law(
  'CS-35 a group error that lost its cancellations tells what is left, in its message and its trace',
  async () => {
    const messages: (readonly [() => Promise<unknown>, string])[] = [
      [
        () =>
          CleanupStack.run(async (stack) => {
            stack.push(() => Promise.reject(new Error('cannot close the file')));
            await sleepForever();
          }),
        'cannot close the file',
      ],
      [
        () =>
          CleanupStack.run(async (stack) => {
            stack.push(() => Promise.reject(new Error('second')));
            stack.push(() => Promise.reject(new Error('first')));
            await sleepForever();
          }),
        'first (and 1 more while cleaning up)',
      ],
      [
        () =>
          sleepForever().catch((error: Error) => {
            throw new AggregateError([error, b, a], `shutdown: ${error.message}`);
          }),
        'b (and 1 more)',
      ],
      [
        () =>
          sleepForever().catch((error: Error) => {
            throw new AggregateError([error, b], 'the shutdown failed');
          }),
        'the shutdown failed',
      ],
      [
        () =>
          taskGroup(async (tasks) => {
            tasks.startSoon(() =>
              CleanupStack.run(async (stack) => {
                stack.push(() => Promise.reject(b));
                await sleepForever();
              }),
            );
            await sleepForever();
          }),
        'Task group "group" failed: b',
      ],
    ];
    for (const [block, message] of messages) {
      const error = await thrownBy(new CancelScope({ name: 'polling', timeoutMs: 10 }).run(block));
      assert.ok(error instanceof AggregateError);
      assert.equal(error.message, message);
      assert.equal(error.stack?.split('\n')[0], `AggregateError: ${message}`);
      assert.ok(!shape(error).includes('Cancelled'));
    }
  },
);
