/**
 * The workloads in plain promises, as one writes them by hand without a library: nobody owns the work, and nothing but an
 * `AbortSignal` cancels it.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const ready = Promise.resolve();
const QUEUE_SIZE = 1024;
const LONG_MS = 60_000;

async function child() {
  await ready;
}

async function children(count) {
  for (let i = 0; i < count; i++) await child();
}

/** Items and those who wait for one, or for room. */
class PlainQueue {
  #size;
  #items = [];
  #head = 0;
  #getters = [];
  #putters = [];

  constructor(size) {
    this.#size = size;
  }

  async put(item) {
    const getter = this.#getters.shift();
    if (getter !== undefined) return getter(item);
    while (this.#items.length - this.#head >= this.#size) {
      await new Promise((resolve) => this.#putters.push(resolve));
    }
    this.#items.push(item);
  }

  async get() {
    if (this.#head === this.#items.length) return new Promise((resolve) => this.#getters.push(resolve));
    const item = this.#items[this.#head++];
    if (2 * this.#head > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    this.#putters.shift()?.();
    return item;
  }

  async *[Symbol.asyncIterator]() {
    for (let item = await this.get(); item !== undefined; item = await this.get()) yield item;
  }
}

async function pass(queue, count) {
  await Promise.all([
    (async () => {
      for (let i = 0; i < count; i++) await queue.put(i);
    })(),
    (async () => {
      for (let i = 0; i < count; i++) if ((await queue.get()) !== i) throw new Error(`lost ${i}`);
    })(),
  ]);
}

/** A lock by a chain of promises. */
function createLock() {
  let last = ready;
  return (fn) => {
    const result = last.then(fn);
    last = result.catch(() => undefined);
    return result;
  };
}

export const workloads = {
  group: children,
  'outermost-group': children,
  shield: children,

  async timeout(count) {
    for (let i = 0; i < count; i++) {
      let timer;
      const limit = new Promise((resolve) => {
        timer = setTimeout(resolve, LONG_MS);
      });
      await Promise.race([child(), limit]).finally(() => clearTimeout(timer));
    }
  },

  async cancel(count) {
    const controller = new AbortController();
    // Every sleep listens; beyond ten Node warns.
    const { setMaxListeners } = await import('node:events');
    setMaxListeners(0, controller.signal);
    let begun = 0;
    let ended = 0;
    const tasks = Array.from({ length: count }, async () => {
      begun++;
      try {
        await sleep(LONG_MS, undefined, { signal: controller.signal });
      } finally {
        ended++;
      }
    });
    await new Promise((resolve) => setImmediate(resolve));
    if (begun < count || ended > 0) throw new Error('not all of them sleep');
    controller.abort();
    await Promise.allSettled(tasks);
    if (ended < count) throw new Error('not all of them have ended');
  },

  async map(count) {
    const items = Array.from({ length: count }, (_, i) => i);
    const results = new Array(count);
    let next = 0;
    const work = async () => {
      while (next < count) {
        const index = next++;
        await ready;
        results[index] = items[index];
      }
    };
    await Promise.all(Array.from({ length: 100 }, work));
  },

  queue: (count) => pass(new PlainQueue(QUEUE_SIZE), count),
  'queue-of-1': (count) => pass(new PlainQueue(1), count),

  async 'iterated-queue'(count) {
    const queue = new PlainQueue(QUEUE_SIZE);
    await Promise.all([
      (async () => {
        for (let i = 0; i < count; i++) await queue.put(i);
        await queue.put(undefined);
      })(),
      (async () => {
        let expected = 0;
        for await (const item of queue) if (item !== expected++) throw new Error(`lost ${item}`);
        if (expected !== count) throw new Error('lost the end');
      })(),
    ]);
  },

  async lock(count) {
    const lock = createLock();
    for (let i = 0; i < count; i++) await lock(child);
  },

  async 'contended-lock'(count) {
    const lock = createLock();
    const work = async () => {
      for (let i = 0; i < count / 10; i++) await lock(child);
    };
    await Promise.all(Array.from({ length: 10 }, work));
  },

  async 'short-scopes'(count, heapUsed) {
    const before = await heapUsed();
    await children(count);
    return (await heapUsed()) - before;
  },

  async 'sleeping-task'(count, heapUsed) {
    const timers = [];
    const before = await heapUsed();
    const tasks = Array.from({ length: count }, async () => {
      await new Promise((resolve) => timers.push([setTimeout(resolve, LONG_MS), resolve]));
    });
    const bytes = (await heapUsed()) - before;
    for (const [timer, resolve] of timers) {
      clearTimeout(timer);
      resolve();
    }
    await Promise.all(tasks);
    return bytes;
  },
};
