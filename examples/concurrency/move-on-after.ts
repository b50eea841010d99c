// A time limit whose passing is no error: the block ends, and what follows runs.
import { moveOnAfter, moveOnAt, now, sleep } from 'orderlyd/concurrency';

const quick = await moveOnAfter(60_000, async () => {
  await sleep(1);
  return 'fresh';
});
console.log(quick ?? 'from the cache'); // prints: fresh

const slow = await moveOnAfter(10, async () => {
  await sleep(60_000);
  return 'fresh';
});
console.log(slow ?? 'from the cache'); // prints: from the cache

// A time that has passed: the code before the first wait runs.
await moveOnAt(now() - 1, async () => {
  console.log('begun'); // prints: begun
  await sleep(1);
  console.log('never reached');
});
