// A function over many items, at most two at a time; the iterable is read no further ahead than that.
import { boundedMap, sleep } from 'orderlyd/concurrency';

function* urls() {
  for (const name of ['a', 'b', 'c']) yield `https://${name}.example`;
}

let running = 0;
let most = 0;
const lengths = await boundedMap(urls(), 2, async (url) => {
  most = Math.max(most, ++running);
  await sleep(5);
  running--;
  return url.length;
});
console.log(lengths.join(), `at most ${most} at once`); // prints: 17,17,17 at most 2 at once
