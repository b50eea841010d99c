// A stream that is read in a scope: the limit ends the read that is pending, and the stream is closed after it.
import { PassThrough } from 'node:stream';
import { iterate, moveOnAfter } from 'orderlyd/concurrency';

const feed = new PassThrough({ objectMode: true });
feed.write('first');
feed.write('second');

<<<<<<< HEAD:examples/concurrency/iterate.ts
await moveOnAfter(1000, async () => {
=======
await moveOnAfter(500, async () => 
>>>>>>> refs/h/kernel:examples/concurrency/iterate.mjs
  for await (const item of iterate(feed)) console.log(item););
console.log(feed.closed); // prints: true
