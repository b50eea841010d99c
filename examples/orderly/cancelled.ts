// A graph belongs to the scope around it: cancelled, it goes down in order, clean-ups included, before the scope ends.
import { defineService, supervise } from 'orderlyd';
import { CancelScope, untilAborted } from 'orderlyd/concurrency';

const cache = defineService({
  name: 'cache',
  async run({ started, shutdown }) {
    started();
    await untilAborted(shutdown);
    console.log('cache: asked to stop');
  },
  cleanup: () => console.log('cache: cleaned up after'),
});

const scope = new CancelScope();
await scope.run(async () => {
  const run = supervise([cache]);
  await run.ready;
  scope.cancel('enough');
  await run;
  console.log('never: it rejects with a CancelledError, which the scope absorbs');
});
// prints: cache: asked to stop
// prints: cache: cleaned up after
console.log('over'); // prints: over
