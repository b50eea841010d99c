// The first to end counts; the others are cancelled, and have ended when the race has.
import { race, sleep } from 'orderlyd/concurrency';

const mirror = (name: string, ms: number) => async () => {
  try {
    await sleep(ms);
    return name;
  } finally {
    console.log(`${name} has ended`);
  }
};

console.log(await race([mirror('far', 60_000), mirror('near', 10)]));
// prints: near has ended
// prints: far has ended
// prints: near
