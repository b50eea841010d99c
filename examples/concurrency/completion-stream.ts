// Results in the order in which they come; leaving the loop cancels what still runs.
import { CompletionStream, sleep } from 'orderlyd/concurrency';

const jobs = [60_000, 20, 1].map((ms) => async () => {
  await sleep(ms);
  return `took ${ms} ms`;
});

for await (const { index, value } of new CompletionStream(jobs, { limit: 3 })) {
  console.log(`job ${index} ${value}`);
  if (index === 1) break;
}
// prints: job 2 took 1 ms
// prints: job 1 took 20 ms
console.log('nothing runs any more'); // prints: nothing runs any more
