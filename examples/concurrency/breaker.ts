// A limit on a quantity that is measured again and again: it cancels whatever runs beside it.
import { BreakerError, breaker, sleep, taskGroup } from 'orderlyd/concurrency';

let lossCents = 0;
try {
  await taskGroup((group) => {
    group.startSoon(() => breaker({ name: 'loss', limit: 500, measure: () => lossCents, everyMs: 1 }));
    group.startSoon(async () => {
      for (;;) {
        lossCents += 200;
        await sleep(10);
      }
    });
  });
} catch (error) {
  const [cause] = error instanceof AggregateError ? error.errors : [];
  if (cause instanceof BreakerError) console.log(cause.message);
}
// prints: "loss" has reached 600, and its limit is 500
