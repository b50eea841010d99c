/**
 * The longest that an item can wait in a queue with one producer, however many urgent ones come meanwhile.
 *
 * After its age has made it as urgent as priority 0, whoever comes goes behind it. Before it are then at most the others
 * in the queue and the one that the producer holds; each worker takes one of them for each `workMs`.
 *
 * @param {object} queue
 * @param {number} queue.priority of the item, above 0, the most urgent one
 * @param {number} queue.ageMs
 * @param {number} queue.size
 * @param {number} queue.workers
 * @param {number} queue.workMs the longest that the work on one item takes
 */
export function longestPossibleWaitMs({ priority, ageMs, size, workers, workMs }) {
  return priority * ageMs + Math.ceil((size + 1) / workers) * workMs;
}
