/**
 * How far a book has fallen from its best moment, in ticks. It counts in bigint, so that the limit is reached exactly
 * or not at all: a sum of fractions drifts.
 */

/** @typedef {{ symbol: string, price: bigint }} Tick */

export class Drawdown {
  #positions;
  #profit = 0n;
  #peak = 0n;
  /** @type {Map<string, bigint>} */
  #prices = new Map();

  /** @param {Record<string, bigint>} positions how much is held of each symbol, negative if sold short */
  constructor(positions) {
    this.#positions = positions;
  }

  /** Takes a price; the first one of a symbol is what it is measured from. */
  mark(/** @type {Tick} */ { symbol, price }) {
    const held = this.#positions[symbol] ?? 0n;
    this.#profit += held * (price - (this.#prices.get(symbol) ?? price));
    this.#prices.set(symbol, price);
    if (this.#profit > this.#peak) this.#peak = this.#profit;
  }

  /** The ticks lost since the peak. */
  get ticks() {
    return this.#peak - this.#profit;
  }
}
