// A promise that knows nothing of scopes: `wait` can be cancelled, a plain `await` can't.
import { EventEmitter, once } from 'node:events';
import { moveOnAfter, wait } from 'orderlyd/concurrency';

console.log(await wait(Promise.resolve(42))); // prints: 42

const doorbell = new EventEmitter();
const visitor = await moveOnAfter(10, () => wait(once(doorbell, 'ring')));
console.log(visitor ?? 'nobody came'); // prints: nobody came

// What stands behind the promise goes on, unless it is handed the signal: this one stops listening.
await moveOnAfter(10, ({ signal }) => once(doorbell, 'ring', { signal }));
console.log(doorbell.listenerCount('ring')); // prints: 1
