// What has to be done whole, even by a task that was cancelled; with a limit of its own.
import { moveOnAfter, shield, sleep } from 'orderlyd/concurrency';

await moveOnAfter(10, async () => {
  try {
    await sleep(60_000);
  } finally {
    await shield(() =>
      moveOnAfter(5_000, async () => {
        await sleep(10);
        console.log('orders cancelled'); // prints: orders cancelled
      }),
    );
  }
});
console.log('left'); // prints: left
