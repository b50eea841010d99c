/**
 * The exchange in a process of its own, as whoever polls it sees it. It lives until `end`, and not longer than we do.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { wait } from 'orderlyd/concurrency';

export class Exchange {
  #child = fork(fileURLToPath(new URL('./exchange.mjs', import.meta.url)));
  /** @type {Promise<void>} */
  #exited = new Promise((resolve) => this.#child.once('exit', () => resolve()));

  /** @returns {Promise<number>} where it listens; call it at once */
  async port() {
    const { port } = await this.#answer();
    return port;
  }

  /**
   * Waits until it has no connection open any more, and resolves with what it has seen.
   *
   * @returns {Promise<{ requests: number, delivered: number, open: number }>}
   */
  report() {
    this.#child.send('report');
    return this.#answer();
  }

  async end() {
    if (this.#child.connected) this.#child.disconnect();
    await wait(this.#exited);
  }

  async #answer() {
    const gone = this.#exited.then(() => {
      throw new Error('The exchange has ended before it answered');
    });
    const [message] = await wait(Promise.race([once(this.#child, 'message'), gone]));
    return message;
  }
}
