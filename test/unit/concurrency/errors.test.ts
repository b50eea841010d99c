/** Telling cancellations from failures. */
import assert from 'node:assert/strict';
import {
  CancelledError,
  isCancelled,
  nonCancelSubgroup,
  splitCancellation,
  taskGroup,
} from '../../../src/concurrency/index.ts';
import { law, thrownBy } from '../../support/concurrency-lab.ts';

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
