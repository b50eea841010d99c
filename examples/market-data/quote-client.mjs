/**
 * Asks the exchange for quotes over kept-alive connections, and owns these: when `close` has resolved, none is open.
 */
import { Agent, get } from 'node:http';
import { text } from 'node:stream/consumers';
import { wait } from 'orderlyd/concurrency';

export class QuoteClient {
  #agent = new Agent({ keepAlive: true });
  #port;

  /** @param {number} port */
  constructor(port) {
    this.#port = port;
  }

  /**
   * Resolves with a quote that was received to its last byte; any other answer is an error. `signal` ends the request
   * itself, and with it its connection; the wait for it ends with the scope.
   *
   * @param {string} symbol
   * @param {AbortSignal} signal
   * @returns {Promise<unknown>}
   */
  ask(symbol, signal) {
    const options = { host: '127.0.0.1', port: this.#port, path: `/${symbol}`, agent: this.#agent, signal };
    const answer = new Promise((resolve, reject) => {
      // The listener stays for the whole life of the request: it may fail after its answer has begun.
      get(options, (response) => readQuote(response).then(resolve, reject)).on('error', reject);
    });
    return wait(answer);
  }

  /** How many connections are open. */
  get sockets() {
    return this.#open().length;
  }

  async close() {
    const closed = this.#open().map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    this.#agent.destroy();
    await wait(Promise.all(closed));
  }

  #open() {
    const { sockets, freeSockets } = this.#agent;
    return [...Object.values(sockets), ...Object.values(freeSockets)].flatMap((list) => list ?? []);
  }
}

/** @param {import('node:http').IncomingMessage} response */
async function readQuote(response) {
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`The exchange answered ${response.statusCode}: ${body}`);
  return JSON.parse(body);
}
