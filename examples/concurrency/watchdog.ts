// A read that must not stay away.
import { Queue, StalenessError, watchdog } from 'orderlyd/concurrency';

const prices = new Queue(8);
await prices.put(101);
const read = () => watchdog(() => prices.get(), { source: 'prices', withinMs: 1000 });

console.log(await read()); // prints: 101
try {
  await read();
} catch (error) {
  if (!(error instanceof StalenessError)) throw error;
  console.log(error.message); // prints: Nothing from "prices" for 1000 ms
}
