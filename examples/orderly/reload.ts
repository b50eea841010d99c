// The graph itself changes while it runs: what is new starts, what is different is replaced, the rest is left alone.
import { defineService, supervise } from 'orderlyd';
import { untilAborted } from 'orderlyd/concurrency';

const named = (name: string, version = 1, isBroken = false) =>
  defineService({
    name,
    async run({ started, shutdown }) {
      console.log(`${name}: version ${version}`);
      if (isBroken) throw new Error('it does not start');
      started();
      await untilAborted(shutdown);
      console.log(`${name}: version ${version} was asked to stop`);
    },
  });

const [db, api] = [named('db'), named('api')];
await using run = supervise([db, api]);
await run.ready;
// prints: db: version 1
// prints: api: version 1

await run.reload([db, named('api', 2), named('mailer')]);
// prints: api: version 1 was asked to stop
// prints: api: version 2
// prints: mailer: version 1

const { outcome, why } = await run.reload([db, named('api', 3, true)]); // the first failure leads back
// prints: mailer: version 1 was asked to stop
// prints: api: version 2 was asked to stop
// prints: api: version 3
// prints: api: version 2
// prints: mailer: version 1
console.log(outcome, '-', why);
// prints: failed - "api" threw Error: it does not start after 0 ms, before it was ready; rolled back

await run.remove('mailer');
// prints: mailer: version 1 was asked to stop
await run.add(named('worker'));
// prints: worker: version 1
