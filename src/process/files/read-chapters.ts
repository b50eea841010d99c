/**
 * Reads the chapters of the manual, which lie beside the program in its package.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** By their names without the ending. Rejects as `fs.readFile` does. `bundle`: the file that the program runs from. */
export async function readChapters(bundle = ''): Promise<ReadonlyMap<string, string>> {
  const folder = join(dirname(bundle), '../src/manual');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.md')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return new Map(files.map((file, at) => [basename(file, '.md'), texts[at]!]));
}
