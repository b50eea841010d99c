/**
 * The items that a run leaves to the next one, in a file that is there only if some are left. It is replaced as a whole:
 * whoever reads it finds the old list or the new one.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = 'unfinished.json';

/**
 * Undefined: the last run has left nothing, or there was none.
 *
 * @param {string} folder
 * @returns {Promise<import('./items.mjs').Item[] | undefined>}
 */
export async function loadBacklog(folder) {
  try {
    return JSON.parse(await readFile(join(folder, NAME), 'utf8'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * @param {string} folder
 * @param {readonly import('./items.mjs').Item[]} items
 */
export async function saveBacklog(folder, items) {
  const path = join(folder, NAME);
  if (items.length === 0) return rm(path, { force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(`${path}.new`, JSON.stringify(items));
  await rename(`${path}.new`, path);
}
