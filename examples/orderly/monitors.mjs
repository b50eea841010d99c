// What is restarted, and why: a health check that fails, a heartbeat that stays away, an error.
import { defineService, supervise } from 'orderly';
import { sleep, untilAborted } from 'orderly/concurrency';

const worker = defineService({
  name: 'worker',
  restart: { max: 2, delay: '10ms' },
  health: {
    interval: '20ms',
    failures: 2,
    check: ({ attempt }) => attempt > 1,
  },
  async run({ attempt, started, shutdown }) {
    console.log(`worker: attempt ${attempt}`);
    started();
    if (attempt === 2) throw new Error('out of luck');
    await untilAborted(shutdown);
  },
});

const run = supervise([worker], {
  onEvent(event) {
    if (event.type === 'service.backoff') console.log(event.cause.replace(/ after.*/, ''));
  },
});
// prints: worker: attempt 1
// prints: health check failed 2 times in a row: check threw Error: it returned false
// prints: worker: attempt 2
// prints: threw Error: out of luck
// prints: worker: attempt 3
while (run.status.services.get('worker')?.attempt !== 3) await sleep(5);
await run.stop();
