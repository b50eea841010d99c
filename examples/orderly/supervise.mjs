// A graph of services lives until it is asked to go down; then they stop in reverse, and each is cleaned up after.
import { defineService, supervise } from 'orderlyd';
import { sleep, untilAborted } from 'orderlyd/concurrency';

/** @type {import('orderlyd').ServiceDefinition<{ url: string }>} */
const database = defineService({
  name: 'database',
  async run({ started, shutdown }) {
    await sleep(10);
    started({ url: 'db://localhost' });
    await untilAborted(shutdown);
    console.log('database: asked to stop');
  },
  cleanup: ({ reported }) => console.log(`database: ${reported?.url} is closed`),
});

const api = defineService({
  name: 'api',
  dependsOn: [database],
  async run({ values, started, shutdown }) {
    console.log(`api: uses ${values(database).url}`);
    started();
    await untilAborted(shutdown);
    console.log('api: asked to stop');
  },
});

const run = supervise([api, database]);
await run.ready; // prints: api: uses db://localhost
await run.stop('enough');
// prints: api: asked to stop
// prints: database: asked to stop
// prints: database: db://localhost is closed
const { status, cause } = await run;
console.log(status, cause); // prints: 0 asked to go down: enough
