// What is made when it is first needed outlives whoever needed it first.
import { CancelScope, detached, Queue, sleep } from 'orderlyd/concurrency';

class Pool {
  scope = new CancelScope({ name: 'pool' });
  /** @type {Queue<() => void>} */
  jobs = new Queue(10);
  ended = detached(() => this.scope.run(() => this.work()));

  async work() {
    for await (const job of this.jobs) job();
  }
}

/** @type {Pool | undefined} */
let pool;
const request = new CancelScope({ timeoutMs: 10 });
await request.run(async () => {
  pool = new Pool();
  await sleep(60_000);
});
console.log(request.cancelledCaught); // prints: true

await pool?.jobs.put(() => console.log('the pool works on')); // prints: the pool works on
pool?.jobs.close();
await pool?.ended;
