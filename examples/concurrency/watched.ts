// A stream each of whose items must come in time.
import { StalenessError, sleepForever, watched } from 'orderlyd/concurrency';

async function* ticks() {
  yield 1;
  yield 2;
  await sleepForever();
}

try {
  for await (const tick of watched(ticks(), { source: 'ticks', withinMs: 1000 })) console.log(tick);
  // prints: 1
  // prints: 2
} catch (error) {
  if (!(error instanceof StalenessError)) throw error;
  console.log(`${error.source} are late`); // prints: ticks are late
}
