// A stream that is read in a scope: the limit ends the read that is pending, and the stream is closed after it.
import { PassThrough } from 'node:stream';
import { iterate, moveOnAfter } from 'orderlyd/concurrency';

const feed = new PassThrough({ objectMode: true });
feed.write('first');
feed.write('second');

await moveOnAfter(1000, async () => {
  for await (const item of iterate(feed)) console.log(item);
  // prints: first
  // prints: second
});
console.log(feed.closed); // prints: true
