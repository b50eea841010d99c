// A test that looks between two moments: it moves the time by hand, and waits until everything has happened.
import {
  Event,
  ManualClock,
  now,
  sleep,
  taskGroup,
  waitAllTasksBlocked,
  withClock,
} from 'orderlyd/concurrency';

const clock = new ManualClock();
const stop = new Event();
let beats = 0;
const running = withClock(clock, () =>
  taskGroup(async (group) => {
    group.startSoon(async () => {
      await stop.wait();
      group.cancel();
    });
    for (;;) {
      await sleep(1000);
      beats += 1;
    }
  }),
);

await clock.advance(2_999);
console.log(beats); // prints: 2
await clock.advance(1);
console.log(beats, withClock(clock, now)); // prints: 3 3000

stop.set();
await waitAllTasksBlocked();
console.log(clock.pendingTimers); // prints: 0
await running;
