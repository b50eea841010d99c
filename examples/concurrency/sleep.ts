// Sleeps end with their time, with their scope, or with a signal of their own.
import { isCancelled, moveOnAfter, sleep, sleepForever } from 'orderlyd/concurrency';

await sleep(10);
console.log('awake'); // prints: awake

await moveOnAfter(10, () => sleepForever());
console.log('for ever lasted 10 ms'); // prints: for ever lasted 10 ms

const alarm = new AbortController();
setTimeout(() => alarm.abort(new Error('fire')), 10);
try {
  await sleep(60_000, { signal: alarm.signal });
} catch (error) {
  // The signal's own reason, which is no cancellation: no scope absorbs it.
  console.log(String(error), isCancelled(error)); // prints: Error: fire false
}
