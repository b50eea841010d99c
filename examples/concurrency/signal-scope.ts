// The first of these signals ends the work in an orderly way; afterwards they do what they did before.
import { shield, signalScope, sleep, sleepForever } from 'orderlyd/concurrency';

setTimeout(() => process.kill(process.pid, 'SIGUSR2'), 10); // somebody sends one

const served = await signalScope(['SIGUSR2', 'SIGTERM'], async () => {
  try {
    await sleepForever();
  } finally {
    await shield(() => sleep(5));
    console.log('cleaned up'); // prints: cleaned up
  }
});
console.log(served, process.listenerCount('SIGUSR2')); // prints: undefined 0
