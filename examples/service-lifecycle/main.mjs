/**
 * A web service with its database, its cache, a queue and two workers in one process:
 *
 *     node examples/service-lifecycle/main.mjs        # for two seconds, or until Ctrl-C
 *
 * What doesn't depend on each other starts at the same time; the rest when what it needs is ready. Told to stop, they
 * go in reverse: the customer, the api, the workers when the queue is closed and empty, and the database last: every
 * order that the api accepted is in it then. It ends with the status that `orderly up` would have: 0, or 130 after Ctrl-C.
 */
import { supervise } from 'orderlyd';
import { createShop } from './shop.mjs';

const { services, account } = createShop();
const report = await supervise(services, {
  signal: AbortSignal.timeout(Number(process.env.LIFECYCLE_MS ?? 2000)),
  onEvent(event) {
    if (!('service' in event)) return;
    const what = event.type.replace('service.', '');
    console.log(`${String(Math.round(event.ms)).padStart(5)} ms  ${event.service} ${what}`);
  },
});

const { accepted, worked, stored, checks } = account;
console.log(`${accepted} orders accepted, ${worked} worked on, ${stored} in the database when it was closed`);
console.log(
  `health: ${Object.entries(checks)
    .map(([name, count]) => `${name} ${count} times`)
    .join(', ')}`,
);
console.log(`ended: ${report.cause}`);
process.exitCode = accepted === worked && worked === stored ? report.status : 1;
