/**
 * The workloads in p-queue: it bounds how many run at once. It cancels nothing that runs, and owns nothing.
 */
import PQueue from 'p-queue';

const ready = Promise.resolve();

async function child() {
  await ready;
}

export const workloads = {
  async map(count) {
    const queue = new PQueue({ concurrency: 100 });
    const items = Array.from({ length: count }, (_, i) => i);
    await queue.addAll(
      items.map((item) => async () => {
        await ready;
        return item;
      }),
    );
  },

  async lock(count) {
    const queue = new PQueue({ concurrency: 1 });
    for (let i = 0; i < count; i++) await queue.add(child);
  },

  async 'contended-lock'(count) {
    const queue = new PQueue({ concurrency: 1 });
    const work = async () => {
      for (let i = 0; i < count / 10; i++) await queue.add(child);
    };
    await Promise.all(Array.from({ length: 10 }, work));
  },
};
