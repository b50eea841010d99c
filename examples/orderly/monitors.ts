// What is restarted, and why: a health check that fails, a heartbeat that stays away, an error.
import { defineService, supervise } from 'orderlyd';
import { Event, sleepForever, untilAborted } from 'orderlyd/concurrency';

const isWell = new Event();

const worker = defineService({
  name: 'worker',
  restart: { delay: '10ms' },
  health: { interval: '20ms', failures: 2, check: ({ attempt }) => attempt !== 1 },
  watchdog: '500ms',
  stop: { grace: '50ms' },
  async run({ attempt, started, heartbeat, shutdown }) {
    console.log(`worker: attempt ${attempt}`);
    started();
    heartbeat();
    if (attempt === 2) await sleepForever(); // and no heartbeat: cancelled, when its grace is over
    if (attempt === 3) throw new Error('out of luck');
    if (attempt === 4) isWell.set();
    await untilAborted(shutdown);
  },
});

const run = supervise([worker], {
  onEvent(event) {
    if (event.type === 'service.backoff') console.log(event.cause.replace(/ after .*/, ''));
  },
});
// prints: worker: attempt 1
// prints: health check failed 2 times in a row: check threw Error: it returned false
// prints: worker: attempt 2
// prints: no heartbeat from "worker" for 500 ms
// prints: worker: attempt 3
// prints: threw Error: out of luck
// prints: worker: attempt 4
await isWell.wait();
await run.down();
