/**
 * An event platform of eight services: a producer that sends to a broker, an event bus, a bridge between them, two
 * monitors, two workers and a coordinator. It starts them one after the other, works for two seconds or until Ctrl-C,
 * and stops them in reverse: each is fully gone before the next is asked, and the producer flushes last, so that no
 * event is lost. A second Ctrl-C cuts short what is left to do.
 *
 *     node examples/event-platform/main.mjs
 *     node examples/event-platform/main.mjs backlog   # the fifth fails to start: those before it are stopped again
 *
 * Ends with status 0 if every job has its result and every event was sent, and 1 if not or if a service failed.
 */
import { CancelScope, sleep, sleepForever } from 'orderlyd/concurrency';
import { createPlatform } from './platform.mjs';
import { runServices } from './runner.mjs';

const platform = createPlatform({
  onBatch(batch) {
    const samples = batch.flatMap((event) =>
      event.kind === 'sample' ? [`${event.name} ${event.value}`] : [],
    );
    console.log([`  sent ${batch.length}`, ...samples].join(', '));
  },
});
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

/** Prints how many of `total` came out, and how many are missing or there twice. */
function check(
  /** @type {number} */ total,
  /** @type {string} */ what,
  /** @type {readonly unknown[]} */ out,
  /** @type {string} */ of,
) {
  const lost = total - new Set(out).size;
  const twice = out.length - new Set(out).size;
  console.log(`${total} ${what} = ${out.length} ${of} + ${lost} lost - ${twice} twice`);
  if (lost !== 0 || twice !== 0) process.exitCode = 1;
}

const { jobs, results, published, sent } = platform.account();
check(jobs, 'jobs', results, 'results');
check(published.length, 'published', sent, 'sent');
