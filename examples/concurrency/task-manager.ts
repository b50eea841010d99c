// Many tasks that have nothing to do with each other: one may fail, time out or be cancelled, the others go on.
import { sleep, sleepForever, TaskCancelledError, TaskManager } from 'orderlyd/concurrency';

await TaskManager.run({ maxConcurrency: 10 }, async (manager) => {
  const copy = manager.spawn(
    async () => {
      await sleep(5);
      return '3 pages';
    },
    { id: 'copy' },
  );
  manager.spawn(() => Promise.reject(new Error('no paper')), { id: 'print' });
  manager.spawn(() => sleepForever(), { id: 'upload', timeoutMs: 10 });
  const scan = manager.spawn(() => sleepForever(), { id: 'scan' });

  console.log(await copy.result); // prints: 3 pages
  scan.cancel('not needed');
  await scan.result.catch((error) => console.log(error instanceof TaskCancelledError, error.reason));
  // prints: true not needed

  await manager.close();
  for (const { id, state } of manager.list()) console.log(id, state);
  // prints: copy completed
  // prints: print failed
  // prints: upload timed-out
  // prints: scan cancelled
});

await TaskManager.run({ maxConcurrency: 1 }, async (manager) => {
  manager.pause();
  for (const [id, priority] of Object.entries({ newsletter: 5, report: 1, alarm: -1 })) {
    manager.spawn(() => console.log(id), { id, priority });
  }
  manager.resume();
  await manager.close();
  // prints: alarm
  // prints: report
  // prints: newsletter
});
