// At most two inside at once.
import { Semaphore, sleep, taskGroup } from 'orderlyd/concurrency';

const seats = new Semaphore(2, { max: 2 });
await taskGroup(async (group) => {
  for (const name of ['Ada', 'Grace', 'Lin']) {
    group.startSoon(() =>
      seats.run(async () => {
        console.log(`${name} sits down`);
        await sleep(10);
      }),
    );
  }
  await sleep(1);
  console.log(seats.statistics());
});
// prints: Ada sits down
// prints: Grace sits down
// prints: { value: 0, waiting: 1 }
// prints: Lin sits down
console.log(seats.tryAcquire(), seats.value); // prints: true 1
