/**
 * Where the small programs are that tests run. They are not compiled: they are looked for from here upwards.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The absolute path of a program of `test/programs`. */
export function programPath(name: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, 'test', 'programs', name);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) throw new Error(`There is no test program ${JSON.stringify(name)}.`);
  }
}
