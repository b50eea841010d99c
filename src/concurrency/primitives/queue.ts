/**
 * A bounded queue, first in, first out: items, waiting getters and waiting putters alike. Closing ends the putting side
 * and lets the getters drain what is there.
 */
import { BoundedLine } from './bounded-line.ts';
import { Fifo } from './fifo.ts';

/**
 * A bounded queue, first in, first out: items, waiting getters and waiting putters alike; size 0 hands every item over
 * directly. Every item goes to exactly one getter.
 */
export class Queue<T> extends BoundedLine<T> {
  /** Throws a `RangeError` unless `size` is a whole number >= 0 or `Infinity`. */
  constructor(size: number) {
    super(size, new Fifo<T>());
  }
}
