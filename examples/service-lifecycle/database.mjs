/** A database of orders, as far as an example needs one: it takes its time, and is lost when it is closed too early. */
import { sleep } from 'orderlyd/concurrency';

export class Database {
  /** @type {Map<number, string>} */
  #orders = new Map();
  #isOpen = false;

  async open() {
    await sleep(120);
    this.#isOpen = true;
  }

  /** @param {number} id @param {string} item */
  async insert(id, item) {
    await sleep(2);
    this.#check();
    if (this.#orders.has(id)) throw new Error(`Order ${id} is in the database already`);
    this.#orders.set(id, item);
  }

  /** @param {number} id */
  async find(id) {
    await sleep(2);
    this.#check();
    return this.#orders.get(id);
  }

  get size() {
    return this.#orders.size;
  }

  async close() {
    await sleep(20);
    this.#isOpen = false;
  }

  #check() {
    if (!this.#isOpen) throw new Error('The database is closed');
  }
}
