// A wait for a signal whose abort is news: here it asks for the end, and what is cancelled is decided by us.
import { sleep, taskGroup, untilAborted } from 'orderlyd/concurrency';

const quit = new AbortController();

await taskGroup(async (group) => {
  group.startSoon(async () => {
    await sleep(20);
    quit.abort('closing time');
  });
  group.startSoon(() => sleep(60_000), { name: 'server' });

  const reason = await untilAborted(quit.signal);
  console.log(reason); // prints: closing time
  group.cancel(String(reason));
});
console.log('all gone'); // prints: all gone
