/** The end of a queue, as its users see it. */

/** Thrown by `get` when a queue is closed and empty, and by `put` when it is closed. */
export class QueueClosed extends Error {
  override readonly name = 'QueueClosed';
}
