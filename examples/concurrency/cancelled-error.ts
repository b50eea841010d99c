// Who catches everything has to let cancellations pass; they say what was cancelled, and why.
import { setTimeout as delay } from 'node:timers/promises';
import { CancelledError, isCancelled, sleepForever, taskGroup } from 'orderlyd/concurrency';

await taskGroup(
  async (group) => {
    group.startSoon(async () => {
      try {
        await sleepForever();
      } catch (error) {
        if (error instanceof CancelledError) console.log(error.message);
        throw error;
      }
    });
    group.startSoon(async ({ signal }) => {
      try {
        await delay(60_000, undefined, { signal });
      } catch (error) {
        // A platform call throws an AbortError of its own.
        console.log(error instanceof CancelledError, isCancelled(error));
        throw error;
      }
    });
    setTimeout(() => group.cancel('closing time'), 10);
    await sleepForever();
  },
  { name: 'shop' },
);
// prints: Cancelled "shop": closing time
// prints: false true
