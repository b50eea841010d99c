// Asked to end, the program closes what keeps it alive, and so ends by itself.
import { onShutdown } from 'orderlyd/service';

const work = setInterval(() => {}, 1_000);
onShutdown(() => {
  clearInterval(work);
  console.log('closed'); // prints: closed
});

// What a supervisor does, or Ctrl-C.
process.kill(process.pid, 'SIGTERM');
