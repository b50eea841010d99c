// Items go from putters to getters, each to one; a full queue makes putters wait.
import { Queue, QueueClosed, taskGroup } from 'orderlyd/concurrency';

const mail = new Queue<string>(2);

await taskGroup((group) => {
  group.startSoon(async () => {
    for (const letter of ['a', 'b', 'c']) await mail.put(letter);
    mail.close();
  });
  group.startSoon(async () => {
    for await (const letter of mail) console.log(`got ${letter}`);
  });
});
// prints: got a
// prints: got b
// prints: got c

await mail.put('late').catch((error) => console.log(error instanceof QueueClosed)); // prints: true
console.log(mail.statistics()); // prints: { length: 0, size: 2, getters: 0, putters: 0, isClosed: true }
