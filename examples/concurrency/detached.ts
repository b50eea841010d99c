// What is made when it is first needed outlives whoever needed it first.
import { CancelScope, detached, Queue, sleep } from 'orderlyd/concurrency';

class Pool {
  scope = new CancelScope({ name: 'pool' });
  jobs = new Queue<() => void>(10);
  ended = detached(() => this.scope.run(() => this.work()));

  private async work(): Promise<void> {
    for await (const job of this.jobs) job();
  }
}

const pools: Pool[] = [];
const request = new CancelScope({ timeoutMs: 10 });
await request.run(async () => {
  pools.push(new Pool());
  await sleep(60_000);
});
console.log(request.cancelledCaught); // prints: true

const [pool] = pools;
await pool?.jobs.put(() => console.log('the pool works on')); // prints: the pool works on
pool?.jobs.close();
await pool?.ended;
