/**
 * Where the command line under test is: `ORDERLY_BIN`, else `bin/orderly.js` of this repository.
 */
import { join } from 'node:path';
import { repositoryRoot } from './repository-root.ts';

/** A script for Node, executable by itself too. */
export const orderlyBin = process.env.ORDERLY_BIN ?? join(repositoryRoot(), 'bin/orderly.js');
