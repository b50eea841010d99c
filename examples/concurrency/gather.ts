// Several functions at once, their results together.
import { gather, sleep } from 'orderlyd/concurrency';

const [price, stock] = await gather([
  async () => {
    await sleep(10);
    return 9.5;
  },
  () => 3,
]);
console.log(price, stock); // prints: 9.5 3

// With `settle` a failure is a result like any other.
const outcomes = await gather([() => 1, () => Promise.reject(new Error('sold out'))], { settle: true });
console.log(outcomes.map(({ status }) => status).join()); // prints: fulfilled,rejected
