// Waiting until something that a lock protects is as it should be.
import { Condition, sleep, taskGroup } from 'orderlyd/concurrency';

const changed = new Condition();
let cookies = 0;

await taskGroup((group) => {
  group.startSoon(async () => {
    await changed.run(async () => {
      await changed.waitFor(() => cookies >= 3);
      console.log(`${cookies} cookies are enough`); // prints: 3 cookies are enough
    });
  });
  group.startSoon(async () => {
    for (let baked = 1; baked <= 3; baked++) {
      await sleep(1);
      await changed.run(() => {
        cookies = baked;
        changed.notifyAll();
      });
    }
  });
});
