/**
 * A file of another tool as the text of a `supervisor.yaml`, and how what is lost is told.
 */
import { dirname, join, relative, sep } from 'node:path';
import { formatDiagnostic, shortPath } from '../../../config/diagnostics/diagnostic.ts';
import { tryToRead } from '../../../config/read-text.ts';
import type { Format } from '../../../importers/formats.ts';
import type { ImportedText } from '../../../importers/import-text.ts';
import type { ClientWorld } from '../client-world.ts';

export interface Translated {
  readonly format: Format;
  readonly text: string;
  readonly services: readonly string[];
  /** Tells on stderr what is lost. */
  readonly tellLosses: () => void;
}

/** `folder`: where the configuration is going to be. Undefined: it can't be done, which was said. */
export async function translate(
  world: Pick<ClientWorld, 'cwd' | 'readFile' | 'realPath' | 'complain'>,
  {
    file,
    folder,
    format,
  }: { readonly file: string; readonly folder: string; readonly format?: Format | undefined },
): Promise<Translated | undefined> {
  const { cwd, readFile, complain } = world;
  const read = tryToRead(file, readFile, 'regular');
  if (!read.ok) {
    complain(`orderly: Cannot read "${file}": ${read.why}`);
    return undefined;
  }
  const { importText } = await import('../../../importers/import-text.ts');
  const imported = await importText({
    ...{ file, text: read.text, format },
    folder: relative(folder, dirname(file)).split(sep).join('/'),
    has: (name) => isThere(world, join(dirname(file), name)),
  });
  if (!imported.ok) {
    for (const diagnostic of imported.diagnostics) complain(`orderly: ${formatDiagnostic(diagnostic, cwd)}`);
    return undefined;
  }
  return { ...imported, tellLosses: () => tellLosses(imported, shortPath(file, cwd), world) };
}

function tellLosses(
  { losses }: Extract<ImportedText, { readonly ok: true }>,
  file: string,
  { cwd, complain }: Pick<ClientWorld, 'cwd' | 'complain'>,
): void {
  if (losses.length === 0) return;
  const things = losses.length === 1 ? '1 thing is' : `${losses.length} things are`;
  complain(`orderly: ${things} not as in ${file}:`);
  for (const loss of losses) complain(formatDiagnostic(loss, cwd));
}

function isThere({ realPath }: Pick<ClientWorld, 'realPath'>, path: string): boolean {
  try {
    realPath(path);
    return true;
  } catch {
    return false; // It is not there, or leads nowhere.
  }
}
