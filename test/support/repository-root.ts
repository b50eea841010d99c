/** The folder of the project, found from wherever the compiled tests lie. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export function repositoryRoot(): string {
  const given = process.env.ORDERLY_ROOT;
  if (given !== undefined) return given;
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json')) || !existsSync(join(folder, 'src')))
    folder = dirname(folder);
  return folder;
}
