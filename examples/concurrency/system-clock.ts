// Any object with `now` and `at` is a clock: on this one a second takes half a second.
import { type Clock, race, sleep, systemClock, withClock } from 'orderlyd/concurrency';

const hurried: Clock = {
  now: () => 2 * systemClock.now(),
  at: (timeMs, fn) => systemClock.at(timeMs / 2, fn),
};

const first = await race([
  () => sleep(1_000).then(() => '1 real second'),
  () => withClock(hurried, () => sleep(20)).then(() => '20 hurried ms'),
]);
console.log(first); // prints: 20 hurried ms
