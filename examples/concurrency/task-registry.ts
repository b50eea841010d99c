// Ending tasks by id, and waiting for the first of some.
import { sleep, sleepForever, TaskManager, TaskRegistry } from 'orderlyd/concurrency';

await TaskManager.run({}, async (manager) => {
  const registry = new TaskRegistry(manager);
  manager.spawn(() => sleepForever().finally(() => console.log('cleaned up')), { id: 'import' });
  manager.spawn(() => sleep(10), { id: 'backup-1' });
  manager.spawn(() => sleepForever(), { id: 'backup-2' });
  await sleep(1);

  console.log(await registry.cancel('import', { reason: 'wrong file', withinMs: 5_000 }));
  // prints: cleaned up
  // prints: true

  const { id, outcome } = await registry.waitAny(['backup-1', 'backup-2']);
  console.log(id, outcome.state); // prints: backup-1 completed

  console.log(await registry.cancelWhere((task) => task.id.startsWith('backup'))); // prints: [ 'backup-2' ]
});
