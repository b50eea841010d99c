/**
 * How a service lives off its inbox, a bounded queue: a full one makes the sender wait; once it is closed, what is in it
 * is still worked off, and a sender gets a `QueueClosed` instead of losing an event in silence.
 */

/**
 * Handles every item, one after the other, until the inbox is closed and empty. Whatever ends it, the inbox is closed.
 *
 * @template T
 * @param {import('orderlyd/concurrency').Queue<T>} inbox
 * @param {(item: T) => unknown} handle
 */
export async function workOff(inbox, handle) {
  try {
    for await (const item of inbox) await handle(item);
  } finally {
    inbox.close();
  }
}
