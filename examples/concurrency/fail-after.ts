// A time limit whose passing is an error.
import { failAfter, failAt, now, sleep, TimeoutError } from 'orderlyd/concurrency';

const value = await failAfter(60_000, async () => {
  await sleep(1);
  return 'in time';
});
console.log(value); // prints: in time

try {
  await failAfter(10, () => sleep(60_000));
} catch (error) {
  if (!(error instanceof TimeoutError)) throw error;
  console.log(error.message); // prints: Timed out after 10 ms
}

// Several steps under one limit: a time of the clock.
const endMs = now() + 60_000;
for (const step of ['read', 'write']) {
  await failAt(endMs, () => sleep(1));
  console.log(step);
}
// prints: read
// prints: write
