// What is open, by name: a test shows that nothing was left, a program that hangs says where.
import { checkpoint, LeakTracker, openTasks, sleep, taskGroup } from 'orderlyd/concurrency';

const tracker = new LeakTracker();
await taskGroup(
  async (group) => {
<<<<<<< HEAD:examples/concurrency/leak-tracker.ts
    group.startSoon(() => sleep(1000), name: 'reader' );
    await checkpoint();
    console.log(openTasks().join()); // prints: ingest > reader > sleep 1000 ms
=======
    group.startSoon(() => sleep(60_000), name: 'reader' );
    await checkpoint();
    console.log(openTasks().join()); // prints: ingest > reader > sleep 60000 ms
>>>>>>> refs/h/kernel:examples/concurrency/leak-tracker.mjs
    console.log(tracker.open().length); // prints: 1
    group.cancel();
  },
  { name: 'ingest' },
);
tracker.assertNone();
console.log(openTasks().length); // prints: 0
