// A log that knows who writes it, though nobody hands it a name.
import { currentTask, sleep, taskGroup } from 'orderlyd/concurrency';

const log = (text: string): void => console.log(`[${currentTask()?.trail ?? 'main'}] ${text}`);

await taskGroup(
  async (shop) => {
    shop.startSoon(() => log('polling'), { name: 'worker' });
    await sleep(1);
    log('ready');
  },
  { name: 'shop' },
);
// prints: [shop > worker] polling
// prints: [main] ready
