// Tests of what takes an hour take a moment: time jumps when everything is blocked.
import { failAfter, now, sleep, TimeoutError, VirtualClock, withClock } from 'orderlyd/concurrency';

await withClock(new VirtualClock(), async () => {
  const beforeMs = now();
  await sleep(3_600_000);
  console.log(now() - beforeMs); // prints: 3600000

  await failAfter(86_400_000, () => sleep(86_400_001)).catch((error) =>
    console.log(error instanceof TimeoutError, now() - beforeMs),
  );
  // prints: true 90000000
});
