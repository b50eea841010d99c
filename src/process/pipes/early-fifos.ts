/**
 * The pool of FIFOs of this process. Importing this file begins to make the first ones, if the command line looks as if
 * services will run: `mkfifo` then works while the rest of the program is loaded, which is half of its time.
 */

import { hasHelper } from '../helper/the-helper.ts';
import { willSupervise } from '../will-supervise.ts';
import { createFifoPool } from './fifo-pool.ts';

/** Enough for the stdout and stderr of a small graph. */
const FIRST_FIFOS = 16;

export const fifos = createFifoPool();

// The helper makes pipes of its own.
if (willSupervise && !hasHelper) fifos.warm(FIRST_FIFOS);
