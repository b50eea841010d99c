// A number of tokens that can be changed while they are out, each with whoever borrowed it.
import { CapacityLimiter } from 'orderlyd/concurrency';

const connections = new CapacityLimiter(2);
await connections.acquireOnBehalfOf('request 1');
await connections.acquireOnBehalfOf('request 2');
console.log(connections.tryAcquireOnBehalfOf('request 3')); // prints: false

connections.total = 1; // nothing is revoked
console.log(connections.statistics()); // prints: { total: 1, borrowed: 2, available: -1, waiting: 0 }

connections.releaseOnBehalfOf('request 1');
connections.releaseOnBehalfOf('request 2');
console.log(await connections.run(() => connections.available)); // prints: 0
