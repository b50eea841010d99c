// Whoever starts a task holds its handle: what it gave, how it stands, and the means to end that one.
import { sleep, sleepForever, type TaskHandle, taskGroup } from 'orderlyd/concurrency';

const quotes: TaskHandle<string>[] = [];
await taskGroup(async (group) => {
  for (const [index, symbol] of ['ABC', 'XYZ'].entries()) {
    const quote = group.startSoon(async () => {
      await sleep(500 * index);
      return `${symbol} at ${100 + index}`;
    });
    quotes.push(quote);
  }
  const ticker = group.startSoon(() => sleepForever(), { name: 'ticker' });
  await quotes[0]?.wait();
  console.log(quotes.map(({ state }) => state).join()); // prints: completed,running
  ticker.cancel('seen enough');
  await ticker.result.catch((error) => console.log(error.message));
  // prints: Task "ticker" was cancelled: seen enough
});
// The group has ended, and so have they.
console.log(await Promise.all(quotes.map(({ result }) => result))); // prints: [ 'ABC at 100', 'XYZ at 101' ]
