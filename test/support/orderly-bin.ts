/**
 * Where the command line under test is: `ORDERLY_BIN`, else `bin/orderly.js` of this repository.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder whose package.json has the name "orderly", looked for from here upwards. */
export const repositoryRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

/** A script for Node. */
export const orderlyBin = process.env.ORDERLY_BIN ?? join(repositoryRoot, 'bin/orderly.js');

function findRoot(folder: string): string {
  if (packageName(folder) === 'orderly') return folder;
  if (folder === dirname(folder)) throw new Error('The tests are not inside the repository of orderly.');
  return findRoot(dirname(folder));
}

function packageName(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
