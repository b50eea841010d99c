/**
 * Who has a slot of a `TaskManager`: random spawns, priorities, durations, cancellations, pauses. Whoever begins is the
 * most urgent of those that were there; no slot is free while somebody waits, none is lost, and nothing begins in a pause.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkpoint, now, sleep, TaskManager, taskGroup } from '../../../../src/concurrency/index.ts';
import { property } from '../../../support/property.ts';

const script = fc.record({
  maxConcurrency: fc.constantFrom(1, 2, 3, Number.POSITIVE_INFINITY),
  tasks: fc.array(
    fc.record({
      atMs: fc.nat(6),
      priority: fc.integer({ min: -2, max: 2 }),
      forMs: fc.nat(4),
      cancelAfterMs: fc.option(fc.nat(5), { nil: undefined }),
    }),
    { maxLength: 10 },
  ),
  pauses: fc.array(fc.record({ atMs: fc.nat(8), forMs: fc.nat(4) }), { maxLength: 2 }),
});

property(
  'TM-2 TM-9 a slot goes to the most urgent that waits, whoever gives up, and to nobody in a pause',
  script,
  async ({ maxConcurrency, tasks, pauses }) => {
    await TaskManager.run({ maxConcurrency }, async (manager) => {
      let pausedBy = 0;
      let pausedAtMs = Number.POSITIVE_INFINITY;
      const isBefore = (a: { priority: number; id: string }, b: { priority: number; id: string }) =>
        a.priority < b.priority || (a.priority === b.priority && Number(a.id) < Number(b.id));
      const begins = (id: string): void => {
        assert.ok(manager.counts.running <= maxConcurrency);
        // It may have had its slot in the very instant of the pause.
        assert.ok(!manager.isPaused || pausedAtMs === now(), `${id} began in a pause`);
        const me = manager.get(id)!;
        for (const other of manager.list()) {
          if (other.state !== 'pending' || other.createdMs === now() || !isBefore(other, me)) continue;
          // One that is being cancelled has left the line, and is not told to have ended yet.
          if (!leaving.has(other.id)) overtaken.push({ id: other.id, by: id, atMs: now() });
        }
      };
      const leaving = new Set<string>();
      const overtaken: { readonly id: string; readonly by: string; readonly atMs: number }[] = [];
      let changes = 0;
      /** Once a whole turn has brought nothing new. */
      const settled = async (): Promise<void> => {
        changes += 1;
        for (let before = -1; before !== changes; await checkpoint()) before = changes;
        const { pending, running } = manager.counts;
        const waiting = manager.list().filter(({ state, id }) => state === 'pending' && !leaving.has(id));
        if (!manager.isPaused && waiting.length > 0) assert.equal(running, maxConcurrency, `${pending} wait`);
      };
      let next = 0;
      await taskGroup((group) => {
        for (const { atMs, priority, forMs, cancelAfterMs } of tasks) {
          group.startSoon(async () => {
            await sleep(atMs);
            const id = `${next++}`;
            const handle = manager.spawn(
              async () => {
                begins(id);
                await sleep(forMs);
                changes += 1;
              },
              { id, priority },
            );
            await settled();
            if (cancelAfterMs === undefined) return;
            await sleep(cancelAfterMs);
            leaving.add(id);
            handle.cancel();
            await settled();
          });
        }
        for (const { atMs, forMs } of pauses) {
          group.startSoon(async () => {
            await sleep(atMs);
            pausedBy += 1;
            if (!manager.isPaused) pausedAtMs = now();
            changes += 1;
            manager.pause();
            await sleep(forMs);
            pausedBy -= 1;
            if (pausedBy === 0) manager.resume();
            await settled();
          });
        }
      });
      assert.equal(manager.isPaused, false);
      await manager.close();
      // What `begins` found is the failure of a task.
      assert.deepEqual(
        manager.list().filter(({ state }) => state === 'failed'),
        [],
      );
      // Two that have slots at the same time begin in any order.
      assert.deepEqual(
        overtaken.filter(({ id, atMs }) => manager.get(id)?.startedMs !== atMs),
        [],
      );
      const { pending, running, total } = manager.counts;
      assert.deepEqual([pending, running, total], [0, 0, tasks.length]);
    });
  },
);
