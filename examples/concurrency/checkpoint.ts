// Work that never waits can't be cancelled, and lets nobody else run: a checkpoint now and then changes both.
import { checkpoint, taskGroup } from 'orderlyd/concurrency';

await taskGroup((group) => {
  for (const name of ['a', 'b']) {
    group.startSoon(async () => {
      for (let part = 1; part <= 2; part++) {
        console.log(`${name} has done part ${part}`);
        await checkpoint();
      }
    });
  }
});
// prints: a has done part 1
// prints: b has done part 1
// prints: a has done part 2
// prints: b has done part 2
