/**
 * An exchange with one account: its resting orders, its positions, and a journal of what took effect. A request travels
 * there, takes effect, and its answer travels back. One that is cancelled on the way there never arrives; on the way
 * back it has been done, and only its sender doesn't know. So the exchange is asked, not one's own memory. An order that
 * is cancelled stays in the book a little longer, and may still fill.
 */
import { now, sleep } from 'orderlyd/concurrency';
import { log } from './log.mjs';

/** @typedef {{ id: string, symbol: string, quantity: bigint, fillsLate?: bigint, goneAt?: number }} Order */
/** @typedef {{ symbol: string, quantity: bigint }} Position */

const BOOK_MS = 50;

export class Exchange {
  /** What took effect, in order. @type {string[]} */
  journal = [];
  /** How many requests were sent. */
  requests = 0;
  /** @type {Map<string, Order>} */
  #orders = new Map();
  /** @type {Map<string, bigint>} */
  #positions;
  #travel;
  #placed = 0;

  /**
   * @param {object} options
   * @param {Record<string, bigint>} options.positions
   * @param {Order[]} [options.orders] those that rest in the book already
   * @param {() => Promise<void>} [options.travel] one way between us and the exchange
   */
  constructor({ positions, orders = [], travel = () => sleep(20) }) {
    this.#positions = new Map(Object.entries(positions));
    for (const order of orders) this.#orders.set(order.id, { ...order });
    this.#travel = travel;
  }

  /** Places an order that rests; resolves with its id. */
  place(/** @type {Position} */ { symbol, quantity }) {
    return this.#request('place', () => {
      const id = `${symbol}#${++this.#placed}`;
      this.#orders.set(id, { id, symbol, quantity });
      this.journal.push(`place ${id}`);
      return id;
    });
  }

  /** Asks for an order to be taken out of the book, which happens a little later. */
  cancel(/** @type {string} */ id) {
    return this.#request('cancel', () => {
      const order = this.#orders.get(id);
      if (order?.goneAt !== undefined) return;
      if (order !== undefined) order.goneAt = now() + BOOK_MS;
      this.journal.push(`cancel ${id}`);
    });
  }

  /** The orders in the book; `isLeaving` once their cancellation has arrived. */
  orders() {
    return this.#request('orders', () =>
      [...this.#orders.values()].map(({ id, goneAt }) => ({ id, isLeaving: goneAt !== undefined })),
    );
  }

  positions() {
    return this.#request('positions', () => this.book);
  }

  /** Buys, or sells a negative quantity, at the market: it fills at once. */
  trade(/** @type {Position} */ { symbol, quantity }) {
    return this.#request('trade', () => {
      this.#fill(symbol, quantity);
      this.journal.push(`trade ${symbol} ${quantity}`);
    });
  }

  /** The positions as they are at this moment, as only the exchange itself can know. @returns {Position[]} */
  get book() {
    this.#takeOut();
    return [...this.#positions]
      .filter(([, quantity]) => quantity !== 0n)
      .map(([symbol, quantity]) => ({ symbol, quantity }));
  }

  /**
   * @template T
   * @param {string} name
   * @param {() => T} takeEffect
   */
  async #request(name, takeEffect) {
    this.requests++;
    await this.#travel();
    this.#takeOut();
    const answer = takeEffect();
    log('exchange', name);
    await this.#travel();
    return answer;
  }

  /** Orders whose time has come leave the book; what they filled until then counts. */
  #takeOut() {
    for (const { id, symbol, fillsLate = 0n, goneAt } of this.#orders.values()) {
      if (goneAt === undefined || goneAt > now()) continue;
      this.#orders.delete(id);
      this.#fill(symbol, fillsLate);
      this.journal.push(`gone ${id}`);
    }
  }

  #fill(/** @type {string} */ symbol, /** @type {bigint} */ quantity) {
    this.#positions.set(symbol, (this.#positions.get(symbol) ?? 0n) + quantity);
  }
}
