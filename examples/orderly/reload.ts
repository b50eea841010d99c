// The graph itself changes while it runs: what is new starts, what is different is replaced, the rest is left alone.
import { defineService, supervise } from 'orderlyd';
import { untilAborted } from 'orderlyd/concurrency';

const service = (name: string, version: number, dependsOn: readonly string[], isBroken = false) =>
  defineService({
    name,
    dependsOn,
    async run({ started, shutdown }) {
      console.log(`${name}: version ${version}`);
      if (isBroken) throw new Error('it does not start');
      started();
      await untilAborted(shutdown);
      console.log(`${name}: asked to stop`);
    },
  });

const db = service('db', 1, []);
const mailer = service('mailer', 1, ['api']);
await using run = supervise([db, service('api', 1, ['db'])]);
await run.ready;
// prints: db: version 1
// prints: api: version 1

await run.reload([db, service('api', 2, ['db']), mailer]);
// prints: api: asked to stop
// prints: api: version 2
// prints: mailer: version 1

const { outcome } = await run.reload([db, service('api', 3, ['db'], true)]); // the first failure leads back
// prints: mailer: asked to stop
// prints: api: asked to stop
// prints: api: version 3
// prints: api: version 2
// prints: mailer: version 1
console.log(outcome);
// prints: failed

await run.remove(mailer);
// prints: mailer: asked to stop
await run.add(service('worker', 1, ['api']));
// prints: worker: version 1
// prints: worker: asked to stop
// prints: api: asked to stop
// prints: db: asked to stop
