// Again until it succeeds, with growing pauses: 1 ms, then 2 ms.
import { retry } from 'orderlyd/concurrency';

const page = await retry(
  async (attempt) => {
    console.log(`attempt ${attempt}`);
    if (attempt < 3) throw new Error('503');
    return 'the page';
  },
  { attempts: 5, delayMs: 1, retryOn: (error) => error instanceof Error && error.message === '503' },
);
// prints: attempt 1
// prints: attempt 2
// prints: attempt 3
console.log(page); // prints: the page
