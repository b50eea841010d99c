/**
 * A file of results, one JSON line each, that one task writes. All that was put is written when `run` resolves, even if
 * everything around it was cancelled; putters wait when the disk is slower than they are.
 */
import { open } from 'node:fs/promises';
import { CleanupStack, Queue, shield, taskGroup } from 'orderlyd/concurrency';

export class ResultFile {
  /** @type {Queue<unknown>} */
  #queue = new Queue(1000);
  /** How many lines are in the file. */
  written = 0;

  /**
   * Runs `body` with an empty file and resolves with its value. If it can't be written, `body` is cancelled.
   *
   * @template T
   * @param {string} path
   * @param {(results: ResultFile) => Promise<T>} body
   */
  static run(path, body) {
    return CleanupStack.run(async (stack) => {
      const file = await stack.enter(
        () => open(path, 'w'),
        (file) => file.close(),
      );
      const results = new ResultFile();
      return taskGroup(async (group) => {
        group.startSoon(() => shield(() => results.#writeTo(file)), { name: 'writer' });
        try {
          return await body(results);
        } finally {
          results.#queue.close();
        }
      });
    });
  }

  /** @param {unknown} result */
  put(result) {
    return this.#queue.put(result);
  }

  /** @param {import('node:fs/promises').FileHandle} file */
  async #writeTo(file) {
    try {
      for await (const first of this.#queue) {
        const batch = [first];
        while (this.#queue.length > 0) batch.push(this.#queue.tryGet());
        await file.appendFile(batch.map((result) => `${JSON.stringify(result)}\n`).join(''));
        this.written += batch.length;
      }
    } finally {
      // If writing failed, nobody must wait for room that never comes.
      this.#queue.close();
    }
  }
}
