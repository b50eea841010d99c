// A graph of services lives until it is asked to go down; then they stop in reverse, and each is cleaned up after.
import { defineService, supervise } from 'orderlyd';
import { sleep, untilAborted } from 'orderlyd/concurrency';

const database = defineService({
  name: 'database',
  reports: {} as { url: string }, // a type only: what those get that ask for its values
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
  async run({ values, started, status, shutdown }) {
    console.log(`api: uses ${values(database).url}`);
    started();
    status('serving', { requests: 0 });
    await untilAborted(shutdown);
    console.log('api: asked to stop');
  },
});

const run = supervise([api, database]);
await run.ready; // prints: api: uses db://localhost
console.log(run.values(database).url, run.status.services.get('api')?.said?.numbers);
// prints: db://localhost { requests: 0 }
await run.down('enough');
// prints: api: asked to stop
// prints: database: asked to stop
// prints: database: db://localhost is closed
const { status, cause } = await run;
console.log(status, cause); // prints: 0 asked to go down: enough
