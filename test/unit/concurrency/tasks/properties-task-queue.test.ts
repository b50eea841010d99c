/**
 * A task queue that is paused now and then: nothing is begun in a pause, the statistics are what one finds by counting,
 * and each item is worked on in the contexts of who put it, whatever becomes of that one's scope.
 */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import fc from 'fast-check';
import { CancelScope, now, sleep, TaskQueue, taskGroup } from '../../../../src/concurrency/index.ts';
import { property } from '../../../support/property.ts';

const place = new AsyncLocalStorage<number>();

property(
  'TQ-1 TQ-2 TQ-5 a task queue with pauses: its statistics are true, and the putter’s contexts reach the work, its scope does not',
  fc.record({
    size: fc.integer({ min: 1, max: 3 }),
    workers: fc.integer({ min: 1, max: 2 }),
    items: fc.array(
      fc.record({
        atMs: fc.nat(8),
        forMs: fc.nat(4),
        priority: fc.nat(3),
        patienceMs: fc.nat(6),
        fails: fc.boolean(),
      }),
      { maxLength: 8 },
    ),
    pauses: fc.array(fc.record({ atMs: fc.nat(8), forMs: fc.nat(5) }), { maxLength: 2 }),
  }),
  async ({ size, workers, items, pauses }) => {
    const putMs = new Map<number, number>();
    const queued = new Set<number>();
    const problems: unknown[] = [];
    let peak = 0;
    let ended = 0;
    let pausedAtMs = Number.POSITIVE_INFINITY;
    let look = (): void => undefined;
    const check = (fn: () => void): void => {
      try {
        fn();
      } catch (error) {
        problems.push(error);
      }
    };
    const work = async (index: number): Promise<void> => {
      const { forMs, fails } = items[index]!;
      queued.delete(index);
      check(() => assert.equal(place.getStore(), index));
      check(() => assert.ok(pausedAtMs >= now(), `${index} began in a pause`));
      look();
      await sleep(forMs);
      check(() => assert.equal(place.getStore(), index));
      ended += 1;
      if (fails) throw new Error('failed');
    };
    const onFailure = (index: number, error: unknown): void =>
      check(() => assert.deepEqual([place.getStore(), (error as Error).message], [index, 'failed']));
    await TaskQueue.run({ size, workers, work, onFailure }, async (queue) => {
      look = () => {
        const seen = queue.statistics();
        peak = Math.max(peak, seen.queued);
        check(() => assert.ok(seen.peakQueued >= peak && seen.peakQueued <= size));
        check(() => assert.equal(seen.isPaused, queue.isPaused));
        check(() => assert.ok(seen.queued === 0 ? seen.oldestMs === 0 : seen.oldestMs <= now()));
      };
      /** Once nothing moves: of those that were accepted and not begun. */
      const settledLook = (): void => {
        const { oldestMs, queued: length } = queue.statistics();
        assert.equal(length, queued.size);
        const first = Math.min(...[...queued].map((index) => putMs.get(index)!));
        assert.equal(oldestMs, length === 0 ? 0 : now() - first);
      };
      let pausing = 0;
      await taskGroup((group) => {
        for (const [index, { atMs, priority, patienceMs }] of items.entries()) {
          group.startSoon(() =>
            place.run(index, async () => {
              await sleep(atMs);
              const putter = new CancelScope({ timeoutMs: patienceMs });
              await putter.run(async () => {
                putMs.set(index, now());
                await queue.put(index, { priority });
                look();
              });
              // What it put is the queue's affair now.
              putter.cancel();
            }),
          );
        }
        for (const { atMs, forMs } of pauses) {
          group.startSoon(async () => {
            await sleep(atMs);
            pausing += 1;
            if (pausing === 1) pausedAtMs = now();
            queue.pause();
            await sleep(forMs);
            pausing -= 1;
            if (pausing > 0) return;
            pausedAtMs = Number.POSITIVE_INFINITY;
            queue.resume();
          });
        }
      });
      // A pause in which the queue fills and nothing moves.
      await queue.join();
      queue.pause();
      for (const index of [...items.keys()].slice(0, size)) {
        putMs.set(index, now());
        queued.add(index);
        await place.run(index, () => queue.put(index));
        await sleep(index);
        settledLook();
      }
      queue.resume();
      await queue.stop();
      const { accepted, done, failed } = queue.counts;
      assert.deepEqual([done + failed, ended], [accepted, accepted]);
    });
    assert.deepEqual(problems, []);
  },
);
