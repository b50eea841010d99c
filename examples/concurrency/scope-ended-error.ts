// A wait that nobody awaits does not outlive the scope in which it began.
import { ScopeEndedError, sleep, taskGroup } from 'orderlyd/concurrency';

let forgotten = Promise.resolve();
await taskGroup(
  () => {
    forgotten = sleep(60_000);
  },
  { name: 'careless' },
);
try {
  await forgotten;
} catch (error) {
  if (error instanceof ScopeEndedError) console.log(error.message.split(':')[0]);
}
// prints: Cannot wait in "careless"
