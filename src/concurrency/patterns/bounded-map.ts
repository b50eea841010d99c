/**
 * A function over many items, so many at a time. It owns the iterable while it runs, and reads it no further ahead than
 * it works.
 */
import { checkCount } from '../kernel/checks.ts';
import { shield } from '../kernel/scope/out-of-reach.ts';
import { taskGroup } from '../kernel/task/group.ts';
import type { TaskContext } from '../kernel/task/views.ts';
import { Semaphore } from '../primitives/semaphore.ts';

/**
 * Calls `fn` for every item, each in a task of its own and at most `limit` at once, and resolves with the results in
 * the order of the items. The iterable is read no further ahead than that. A failure cancels the others, no further
 * item begins, and the failures leave together in an `AggregateError`.
 *
 * However it ends, cancelled too, it awaits what runs, and an iterable that was not read to its end is told to end.
 * Rejects with a `RangeError` unless `limit` is a whole number >= 1 or `Infinity`.
 */
export async function boundedMap<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  fn: (item: T, index: number, task: TaskContext<unknown>) => Promise<R> | R,
): Promise<R[]> {
  checkCount(limit, 1, `work on ${limit} items at once`);
  const results: R[] = [];
  const slots = limit === Number.POSITIVE_INFINITY ? undefined : new Semaphore(limit);
  const iterator = iteratorOf(items);
  let isOpen = true;
  await taskGroup(
    async (group) => {
      let failed = false;
      const work = async (item: T, index: number, task: TaskContext<unknown>): Promise<void> => {
        // One that was started, but has not begun when another fails.
        if (failed) return;
        try {
          results[index] = await fn(item, index, task);
        } catch (error) {
          failed = true;
          throw error;
        } finally {
          slots?.release();
        }
      };
      try {
        for (let index = 0; ; index++) {
          await slots?.acquire();
          if (failed) return;
          const next = await readNext(iterator, () => {
            isOpen = false;
          });
          if (next === undefined) return;
          const { item } = next;
          group.startSoon((task) => work(item, index, task), { name: `item ${index}` });
        }
      } finally {
        if (isOpen) await shield(() => iterator.return?.());
      }
    },
    { name: 'boundedMap' },
  );
  return results;
}

type AnyIterator<T> = Iterator<T> | AsyncIterator<T>;

function iteratorOf<T>(items: Iterable<T> | AsyncIterable<T>): AnyIterator<T> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}

/** The next item; `onEnd` is told that there is none, or that reading failed: then the iterator has ended itself. */
async function readNext<T>(
  iterator: AnyIterator<T>,
  onEnd: () => void,
): Promise<{ readonly item: T } | undefined> {
  let result: IteratorResult<T>;
  try {
    result = await iterator.next();
  } catch (error) {
    onEnd();
    throw error;
  }
  if (result.done !== true) return { item: result.value };
  onEnd();
  return undefined;
}
