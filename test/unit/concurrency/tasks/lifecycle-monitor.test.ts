/** Counting what becomes of tasks. */
import assert from 'node:assert/strict';
import {
  LifecycleMonitor,
  type Sample,
  sleep,
  sleepForever,
  TaskManager,
  taskGroup,
} from '../../../../src/concurrency/index.ts';
import { failAt, law } from '../../../support/concurrency-lab.ts';

law('LM-1 every state is counted; a task that waits for a slot is not active', async () => {
  await TaskManager.run({ maxConcurrency: 2 }, async (manager) => {
    const monitor = new LifecycleMonitor(manager);
    manager.spawn(() => 1);
    manager.spawn(() => failAt(1, 'x'));
    manager.spawn(sleepForever, { timeoutMs: 5 });
    manager.spawn(sleepForever).cancel();
    for (const _ of [1, 2, 3]) manager.spawn(sleepForever);
    await sleep(10);
    assert.deepEqual(monitor.sample().counts, {
      total: 7,
      pending: 1,
      running: 2,
      completed: 1,
      failed: 1,
      cancelled: 1,
      timedOut: 1,
    });
  });
});

law('LM-2 the error rate is (failed + timed out) / all ended but cancelled ones; 0 for none', async () => {
  await TaskManager.run({}, async (manager) => {
    const monitor = new LifecycleMonitor(manager);
    manager.spawn(sleepForever).cancel();
    await sleep(1);
    assert.equal(monitor.sample().errorRate, 0);
    for (const _ of [1, 2]) manager.spawn(() => 1);
    manager.spawn(() => failAt(1, 'x'));
    manager.spawn(sleepForever, { timeoutMs: 1 });
    await sleep(10);
    assert.equal(monitor.sample().errorRate, 0.5);
  });
});

law('LM-3 throughput is completions per second of monotonic time in the window', async () => {
  await TaskManager.run({}, async (manager) => {
    const samples: Sample[] = [];
    const monitor = new LifecycleMonitor(manager, {
      everyMs: 1000,
      windowMs: 3000,
      onSample: (sample) => samples.push(sample),
    });
    await taskGroup(async (group) => {
      group.startSoon(() => monitor.run());
      for (let second = 1; second <= 10; second++) {
        await sleep(500);
        if (second <= 5) for (let n = 0; n < 4; n++) manager.spawn(() => 1);
        await sleep(500);
      }
      group.cancel();
    });
    const rates = samples.map(({ throughput }) => throughput);
    assert.deepEqual(rates.slice(0, 10), [0, 4, 4, 4, 4, 4, (2 * 4) / 3, 4 / 3, 0, 0]);
  });
});

law(
  'LM-4 the stall alarm rises once when work is open and nothing ended for the bound, clears with the next end, and is silent when idle',
  async (lab) => {
    await TaskManager.run({}, async (manager) => {
      const monitor = new LifecycleMonitor(manager, {
        everyMs: 100,
        stallMs: 1000,
        onStall: (stalled, { isStalled }) => {
          assert.equal(isStalled, stalled);
          lab.noteTime(stalled ? 'stall' : 'clear');
        },
      });
      await taskGroup(async (group) => {
        group.startSoon(() => monitor.run());
        await sleep(5000);
        manager.spawn(() => sleep(2950));
        await sleep(10_000);
        lab.noteTime('idle');
        group.cancel();
      });
      assert.equal(monitor.stop().stalls, 1);
    });
    lab.saw('stall(6s) clear(8s) idle(15s)');
  },
);

law('LM-5 stop takes a last sample: the final report equals the counts of the manager', async () => {
  await TaskManager.run({ maxConcurrency: 2 }, async (manager) => {
    const monitor = new LifecycleMonitor(manager, { everyMs: 100 });
    const report = await taskGroup(async (group) => {
      group.startSoon(() => monitor.run());
      for (let n = 0; n < 6; n++) manager.spawn(() => sleep(100));
      manager.spawn(() => failAt(1, 'x'));
      await manager.close();
      group.cancel();
      return monitor.stop();
    });
    assert.deepEqual(report?.counts, manager.counts);
    assert.equal(report?.mostRunning, 2);
    assert.equal(report?.atMs, 301);
    assert.equal(
      report?.text,
      '7 tasks in 0.3 s: 6 completed, 1 failed, 0 timed out, 0 cancelled\n19.9 completions a second, at most 2 at once, 14.3 % errors',
    );
  });
});
