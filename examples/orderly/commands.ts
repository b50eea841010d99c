// A graph that runs is told to stop, start and restart single services; each answer says what came of it.
import { defineService, supervise } from 'orderlyd';
import { untilAborted } from 'orderlyd/concurrency';

const named = (name: string, dependsOn: readonly string[] = []) =>
  defineService({
    name,
    dependsOn,
    async run({ attempt, started, shutdown }) {
      console.log(`${name}: up, attempt ${attempt}`);
      started();
      await untilAborted(shutdown);
      console.log(`${name}: asked to stop`);
    },
  });

await using run = supervise([named('db'), named('api', ['db'])]);
await run.ready;
// prints: db: up, attempt 1
// prints: api: up, attempt 1

await run.restart('db'); // what depends on it keeps running
// prints: db: asked to stop
// prints: db: up, attempt 2

await run.stop('db'); // what needs it goes first
// prints: api: asked to stop
// prints: db: asked to stop

const { outcome, services } = await run.start('api'); // with what it needs
// prints: db: up, attempt 3
// prints: api: up, attempt 2
console.log(outcome, services); // prints: reached [ { service: 'api', outcome: 'reached' } ]
console.log((await run.start('pai')).why); // prints: there is no service "pai"; did you mean "api"?
// prints: api: asked to stop
// prints: db: asked to stop
