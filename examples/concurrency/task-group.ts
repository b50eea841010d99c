// A group ends when all of its tasks have ended; a task that fails cancels the others.
import { sleep, sleepForever, taskGroup } from 'orderlyd/concurrency';

const sum = await taskGroup((group) => {
  group.startSoon(async () => {
    await sleep(10);
    console.log('the slow task has ended');
  });
  group.startSoon(() => console.log('the quick task has ended'));
  return 1 + 1;
});
// prints: the quick task has ended
// prints: the slow task has ended
console.log(`the body gave ${sum}`); // prints: the body gave 2

const failing = taskGroup((group) => {
  group.startSoon(() => sleepForever().finally(() => console.log('cancelled')));
  group.startSoon(() => Promise.reject(new Error('the disk is full')));
});
await failing.catch(({ errors }) => console.log(errors.map(String).join()));
// prints: cancelled
// prints: Error: the disk is full
