/**
 * Where the command line under test is: `ORDERLY_BIN`, else `bin/orderly.js` of this repository.
 */
import { dirname, join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

/** A script for Node, executable by itself too. */
export const orderlyBin = process.env.ORDERLY_BIN ?? join(repositoryRoot(), 'bin/orderly.js');

/** It puts the helper in front of `orderly`. */
export const orderlyInitBin = join(dirname(orderlyBin), 'orderly-init');
