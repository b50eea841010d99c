// A stretch of code that can be cancelled as a whole: every wait in it throws, and the scope absorbs that.
import { CancelScope, sleep, sleepForever } from 'orderlyd/concurrency';

const scope = new CancelScope({ name: 'download', timeoutMs: 60_000 });
setTimeout(() => scope.cancel('the page was closed'), 10);

const answer = await scope.run(async () => {
  try {
    await sleepForever();
  } catch {
    console.log('interrupted'); // prints: interrupted
  }
  await sleep(1); // throws too: the scope is cancelled still
  console.log('never reached');
});

console.log(answer); // prints: undefined
console.log(scope.cancelledCaught, scope.reason); // prints: true the page was closed
