// Between reading and writing nobody else gets in.
import { Lock, sleep, taskGroup } from 'orderlyd/concurrency';

const lock = new Lock();
let balance = 100;

const withdraw = (amount: number): Promise<void> =>
  lock.run(async () => {
    const before = balance;
    await sleep(5);
    balance = before - amount;
  });

await taskGroup(async (group) => {
  group.startSoon(() => withdraw(30), { name: 'rent' });
  group.startSoon(() => withdraw(20), { name: 'food' });
  await sleep(1);
  console.log(lock.statistics()); // prints: { isLocked: true, owner: 'rent', waiting: 1 }
});
console.log(balance); // prints: 50
