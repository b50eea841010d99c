// `shutdown` is an AbortSignal: what is handed it ends when the service is asked to stop, and that is a good end.
import { setTimeout } from 'node:timers/promises';
import { defineService, ShutdownRequest, supervise } from 'orderlyd';

const beat = defineService({
  name: 'beat',
  async run({ started, shutdown }) {
    started();
    shutdown.addEventListener('abort', () => console.log(shutdown.reason instanceof ShutdownRequest));
    for (;;) await setTimeout(1000, undefined, { signal: shutdown });
  },
});

const run = supervise([beat]);
await run.ready;
await run.down(); // prints: true
console.log((await run).services.get('beat')?.state); // prints: stopped
