// Something that happens once, and stays true.
import { Event, sleep, taskGroup } from 'orderlyd/concurrency';

const open = new Event();
await taskGroup(async (group) => {
  for (const name of ['Ada', 'Grace']) {
    group.startSoon(async () => {
      await open.wait();
      console.log(`${name} walks in`);
    });
  }
  await sleep(10);
  console.log(`${open.waiting} are waiting`); // prints: 2 are waiting
  open.set();
});
// prints: Ada walks in
// prints: Grace walks in
await open.wait();
console.log(open.isSet); // prints: true
