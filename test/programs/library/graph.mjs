// A function between two processes, until a signal comes. Given a first argument "hold", it also has two children of its
// own: one that ends meanwhile, and one that lives longer than the graph.
import { spawn } from 'node:child_process';
import { defineService, supervise } from 'orderlyd';
import { CancelScope, sleepForever } from 'orderlyd/concurrency';

const db = defineService({
  name: 'db',
  command: ['sh', '-c', 'echo "listening on 4242 as $$$$"; exec sleep 1000'],
  ready: { log: 'listening on (?<port>\\d+) as (?<pid>\\d+)' },
  cleanup: ['echo db is cleaned'],
});
const cache = defineService({
  name: 'cache',
  dependsOn: [db],
  async run({ values, started, shutdown }) {
    started({ address: `127.0.0.1:${values(db).port}`, secret: { token: 'not a text' } });
    await new CancelScope({ signal: shutdown }).run(() => sleepForever());
    console.log('cache: asked');
  },
  cleanup: () => console.log('cache is cleaned'),
});
const web = defineService({
  name: 'web',
  dependsOn: [cache],
  command: 'trap "echo bye; exit 0" TERM; echo "cache at ${cache.address}"; while :; do sleep 0.01; done',
  stop: { target: 'main' },
});

const own = process.argv[2] === 'hold' ? spawn('sh', ['-c', 'sleep 0.2; exit 7']) : undefined;
const lasting = own && spawn('sleep', ['1000']);
own?.on('exit', (code) => console.log(`own child: ${code}`));
const run = supervise([web, cache, db]);
await run.ready;
console.log(`ready, db is ${run.status.services.get('db').values.pid}`);
const { status, cause } = await run;
console.log(`${status}: ${cause}`);
if (lasting !== undefined) {
  console.log(`lasting child: ${lasting.exitCode ?? lasting.signalCode ?? 'alive'}`);
  lasting.kill();
}
