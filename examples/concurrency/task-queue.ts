// Items are worked on by so many workers, the most urgent first; at the end every item is accounted for.
import { sleep, TaskQueue, type TaskQueueOptions } from 'orderlyd/concurrency';

const options: TaskQueueOptions<string> = {
  size: 100,
  workers: 1,
  work: async (mail) => {
    await sleep(1);
    if (mail === 'receipt') throw new Error('no such address');
    console.log(`sent ${mail}`);
  },
  onFailure: (mail, error) => console.log(`${mail}: ${error}`),
};

await TaskQueue.run(options, async (queue) => {
  await queue.put('report'); // begun at once: the worker is free
  await queue.put('newsletter', { priority: 5 });
  await queue.put('password reset', { priority: 1 });
  await queue.put('receipt', { priority: 1 });
  const { queued, peakQueued } = queue.statistics();
  console.log(queued, peakQueued); // prints: 3 3
  const unfinished = await queue.stop(60_000);
  // prints: sent report
  // prints: sent password reset
  // prints: receipt: Error: no such address
  // prints: sent newsletter
  const { accepted, done, failed } = queue.counts;
  console.log(accepted, done, failed, unfinished.length); // prints: 4 3 1 0
});
