/**
 * An event platform of eight services: a coordinator, two workers, two monitors, a bridge, a bus and a producer. It
 * starts them one after the other, lets events flow for two seconds or until Ctrl-C, and stops them in reverse: each is
 * fully gone before the next is asked, so that no event is lost. A second Ctrl-C cuts short what is left to do.
 *
 *     node examples/event-platform/main.mjs
 *     node examples/event-platform/main.mjs bridge    # the bridge fails to start: those before it are stopped again
 *
 * Ends with status 0 if every event is accounted for, and 1 if not or if a service failed.
 */
import { CancelScope, sleep, sleepForever } from 'orderly/concurrency';
import { createPlatform } from './platform.mjs';
import { runServices } from './runner.mjs';

const platform = createPlatform({ onSample: ({ name, value }) => console.log(`  ${name} ${value}`) });
const failing = process.argv[2];
const services = platform.services.map((service) => (service.name === failing ? broken(service) : service));

function broken(/** @type {import('./runner.mjs').Service} */ service) {
  const start = async () => {
    await sleep(20);
    throw new Error(`Cannot start "${service.name}"`);
  };
  return { ...service, start };
}

const session = new CancelScope({ name: 'session', timeoutMs: 2000 });
const force = new AbortController();
let isInterrupted = false;
function interrupt(/** @type {string} */ signal) {
  if (isInterrupted) force.abort(signal);
  isInterrupted = true;
  session.cancel(signal);
}
process.on('SIGINT', interrupt).on('SIGTERM', interrupt);

try {
  await session.run(() =>
    runServices(services, sleepForever, {
      tell: ({ phase, name }) => console.log(`${phase} ${name}`),
      force: force.signal,
    }),
  );
} catch (error) {
  if (!(error instanceof AggregateError)) throw error;
  console.log(`The platform failed: ${error.message}`);
  process.exitCode = 1;
} finally {
  process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
}

const { produced, consumed, bridged } = platform.account();
const lost = produced - consumed.length - bridged.length;
console.log(`${produced} produced = ${consumed.length} consumed + ${bridged.length} bridged + ${lost} lost`);
if (lost !== 0) process.exitCode = 1;
