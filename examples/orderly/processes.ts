// Processes and functions in one graph: the keys of a process are those of supervisor.yaml, in camel case.
import { defineService, supervise } from 'orderlyd';

const database = defineService({
  name: 'database',
  command: ['sh', '-c', 'echo "listening on port 4242"; exec sleep 1000'],
  ready: { log: 'listening on port (?<port>\\d+)', within: '10s' },
  stop: { grace: '5s' },
});

const migration = defineService({
  name: 'migration',
  type: 'task',
  dependsOn: [database],
  async run({ values, started }) {
    console.log(`migrating the database at port ${values(database).port}`);
    started({ version: 7 });
  },
});

const web = defineService({
  name: 'web',
  type: 'task',
  dependsOn: [migration, database],
  command: 'echo "serving version $VERSION"',
  env: { VERSION: 7 },
});

const run = supervise([database, migration, web], { name: 'shop' });
await run.ready;
// prints: database | listening on port 4242
// prints: migrating the database at port 4242
// prints: web      | serving version 7
await run.down();
console.log((await run).status); // prints: 0
