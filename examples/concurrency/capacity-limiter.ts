// A number of tokens that can be changed while they are out, each with whoever borrowed it.
import { CapacityLimiter, sleep } from 'orderlyd/concurrency';

const connections = new CapacityLimiter(2);
await connections.acquireOnBehalfOf('request 1');
await connections.acquireOnBehalfOf('request 2');
console.log(connections.tryAcquireOnBehalfOf('request 3')); // prints: false

connections.total = 1; // nothing is revoked
console.log(connections.statistics()); // prints: { total: 1, borrowed: 2, available: -1, waiting: 0 }

connections.releaseOnBehalfOf('request 1');
connections.releaseOnBehalfOf('request 2');
console.log(await connections.run(() => connections.available)); // prints: 0

// Each call of `run` has a token of its own: together they are a pool.
const pool = new CapacityLimiter(2);
const squares = [1, 2, 3, 4].map((n) => pool.run(() => sleep(1).then(() => n * n)));
console.log(pool.borrowed, await Promise.all(squares)); // prints: 2 [ 1, 4, 9, 16 ]

pool.total = 0; // or `pause()`: nobody gets in until it is raised
console.log(pool.tryAcquire()); // prints: false
