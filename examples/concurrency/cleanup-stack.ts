// Resources are left in the reverse order of entering, in a cancelled scope too.
import { CleanupStack, moveOnAfter, sleep } from 'orderlyd/concurrency';

async function close(name: string): Promise<void> {
  await sleep(1);
  console.log(`${name} closed`);
}

await moveOnAfter(10, () =>
  CleanupStack.run(async (stack) => {
    const database = await stack.enter(() => 'database', close);
    const cache = await stack.enter(() => 'cache', close, { limitMs: 5_000 });
    stack.push(() => console.log('good-bye'));
    console.log(`using ${database} and ${cache}`); // prints: using database and cache
    await sleep(60_000);
  }),
);
// prints: good-bye
// prints: cache closed
// prints: database closed
