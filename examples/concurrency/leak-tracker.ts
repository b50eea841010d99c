// What is open, by name: a test shows that nothing was left, a program that hangs says where.
import { checkpoint, LeakTracker, openTasks, sleep, taskGroup } from 'orderlyd/concurrency';

const tracker = new LeakTracker();
await taskGroup(
  async (group) => {
    group.startSoon(() => sleep(60_000), { name: 'reader' });
    await checkpoint();
    console.log(openTasks().join()); // prints: ingest > reader > sleep 60000 ms
    console.log(tracker.open().length); // prints: 1
    group.cancel();
  },
  { name: 'ingest' },
);
tracker.assertNone();
console.log(openTasks().length); // prints: 0
