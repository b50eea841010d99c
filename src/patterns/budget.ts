/**
 * How much work a pattern may make: counted in steps, so that it is the same on every machine.
 *
 * A step takes some 10 to 20 ns, five times as long in the first milliseconds. Whatever would take more than its share
 * is given up; so is what comes in a chunk once the chunk's share is used up, which only patterns reach that look
 * around or back, or are very long.
 */

const STEPS_OF_A_CHUNK = 1_048_576;

/** Thrown from inside of the work, caught where the work begins. */
export class TooMuchWorkError extends Error {
  static readonly it = new TooMuchWorkError('more work than allowed');
}

export class Budget {
  #ofChunk = STEPS_OF_A_CHUNK;
  #left = 0;
  /** All the steps that were ever taken. */
  spent = 0;

  beginChunk(): void {
    this.#ofChunk = STEPS_OF_A_CHUNK;
  }

  /** What may be taken until the next call, as far as the chunk has it. */
  allow(steps: number): void {
    this.#left = Math.min(steps, this.#ofChunk);
  }

  /** Throws if that is more than there was. */
  take(steps: number): void {
    this.#left -= steps;
    this.#ofChunk -= steps;
    this.spent += steps;
    if (this.#left < 0) throw TooMuchWorkError.it;
  }
}
