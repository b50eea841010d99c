// Counts, throughput and an alarm for stalls, here on a clock that jumps.
import {
  LifecycleMonitor,
  sleep,
  TaskManager,
  taskGroup,
  VirtualClock,
  withClock,
} from 'orderlyd/concurrency';

const run = () =>
  TaskManager.run({}, async (manager) => {
    const monitor = new LifecycleMonitor(manager, {
      everyMs: 500,
      stallMs: 2_000,
      onStall: (stalled, { atMs }) => console.log(`${stalled ? 'stalled' : 'goes on'} at ${atMs} ms`),
    });
    await taskGroup(async (group) => {
      group.startSoon(() => monitor.run());
      for (const ms of [900, 900, 3_700, 4_100]) manager.spawn(() => sleep(ms));
      await manager.close();
      group.cancel('all tasks have ended');
    });
    console.log(monitor.stop().text);
  });

await withClock(new VirtualClock(), run);
// prints: stalled at 3000 ms
// prints: goes on at 4000 ms
// prints: 4 tasks in 4.1 s: 4 completed, 0 failed, 0 timed out, 0 cancelled
// prints: 1.0 completions a second, at most 4 at once, 0.0 % errors; stalled once
