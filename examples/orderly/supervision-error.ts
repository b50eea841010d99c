// A failure takes everything down in order, and leaves as what was thrown, with a report of all that happened.
import { defineService, SupervisionError, supervise } from 'orderlyd';
import { untilAborted } from 'orderlyd/concurrency';

const cache = defineService({
  name: 'cache',
  async run({ started, shutdown }) {
    started();
    await untilAborted(shutdown);
    console.log('cache: stopped');
  },
});
const api = defineService({
  name: 'api',
  dependsOn: [cache],
  restart: 'no',
  async run({ started }) {
    started();
    throw new RangeError('no such tenant');
  },
});

try {
  await supervise([api, cache]); // prints: cache: stopped
} catch (error) {
  if (!(error instanceof SupervisionError)) throw error;
  console.log(error.errors.map(String)); // prints: [ 'RangeError: no such tenant' ]
  const { status, errors, services } = error.report;
  console.log(status, errors[0]?.service, errors[0]?.phase); // prints: 1 api run
  console.log([...services].map(([name, { state }]) => `${name} ${state}`));
  // prints: [ 'api failed', 'cache stopped' ]
}
