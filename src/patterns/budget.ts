/**
 * How much work a pattern may make: counted in steps, so that it is the same on every machine.
 *
 * A step takes some 10 to 20 ns, so that a line costs some 3 ms at most. A line that would take more than its share is passed over; so are lines of a chunk once
 * the chunk's share is used up, which only patterns reach that look around or back, or are very long.
 */

const STEPS_OF_A_LINE = 196_608;
/** For a second look, at the first part of the line. */
const STEPS_OF_A_PART = 40_960;
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

  beginLine(): void {
    this.#left = Math.min(STEPS_OF_A_LINE, this.#ofChunk);
  }

  beginPart(): void {
    this.#left = Math.min(STEPS_OF_A_PART, this.#ofChunk);
  }

  /** Throws if that is more than there was. */
  take(steps: number): void {
    this.#left -= steps;
    this.#ofChunk -= steps;
    this.spent += steps;
    if (this.#left < 0) throw TooMuchWorkError.it;
  }
}
