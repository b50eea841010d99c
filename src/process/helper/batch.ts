/**
 * What is said of many at once.
 */

/** Enough that one message costs little of each, and few enough that the first ones needn't wait long. */
const BATCH = 64;

export interface Batch<Item> {
  add(item: Item): void;
}

/** `send` is called with the end of the turn, or as soon as there are some. */
export function createBatch<Item>(send: (items: readonly Item[]) => void): Batch<Item> {
  const items: Item[] = [];
  const flush = (): void => {
    if (items.length > 0) send(items.splice(0));
  };
  return {
    add(item) {
      if (items.length === 0) process.nextTick(flush);
      if (items.push(item) >= BATCH) flush();
    },
  };
}
