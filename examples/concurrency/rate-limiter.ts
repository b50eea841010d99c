// A server that allows so many requests in so much time: the others wait for their turn, in order.
import { gather, now, RateLimiter, VirtualClock, withClock } from 'orderlyd/concurrency';

await withClock(new VirtualClock(), async () => {
  const server = new RateLimiter({ limit: 2, perMs: 1000 });
  const request = () => server.run(() => now());
  console.log(await gather([request, request, request])); // prints: [ 0, 0, 1000 ]

  const even = new RateLimiter({ limit: 2, perMs: 1000, burst: 1 });
  const evenly = () => even.run(() => now() - 1000);
  console.log(await gather([evenly, evenly, evenly])); // prints: [ 0, 500, 1000 ]

  server.pause(); // it asked for a rest
  console.log(server.tryAcquire()); // prints: false
  server.resume();
});
