/**
 * `orderly import FILE`: writes a `supervisor.yaml` of the file of another tool, and tells what is lost, each loss at its line.
 */
import { dirname, resolve } from 'node:path';
import { shortPath } from '../../../config/diagnostics/diagnostic.ts';
import { FILE_NAMES } from '../../../config/find-files.ts';
import { CALLED, type Format } from '../../../importers/formats.ts';
import type { Ending } from '../../world.ts';
import type { ClientWorld } from '../client-world.ts';
import { FileError, write } from '../write-once.ts';
import { translate } from './translate.ts';

export interface ImportOptions {
  readonly from?: Format | undefined;
  /** A file, or `-` for stdout. */
  readonly out?: string | undefined;
}

export async function importFile(
  world: ClientWorld,
  name: string,
  { from, out }: ImportOptions,
): Promise<Ending> {
  const { cwd, complain, print, createFile } = world;
  const file = resolve(cwd, name);
  const isPrinted = out === '-';
  const target = resolve(cwd, isPrinted || out === undefined ? 'supervisor.yaml' : out);
  const tell = (text: string): void => (isPrinted ? complain(`orderly: ${text}`) : void print(`${text}\n`));
  try {
    if (out === undefined) refuseSecond(world);
    const translated = await translate(world, { file, folder: dirname(target), format: from });
    if (translated === undefined) return { status: 1 };
    const { format, text, services, tellLosses } = translated;
    tell(`took ${shortPath(file, cwd)} for ${CALLED[format]}${from === undefined ? '' : ', as --from says'}`);
    if (isPrinted) {
      const why = print(text);
      if (why !== undefined) return { status: 1 };
    } else {
      write(createFile, target, text);
      tell(`wrote ${shortPath(target, cwd)}: ${countOf(services)}`);
    }
    tellLosses();
    if (!isPrinted) tell(nextOf(out));
    return { status: 0 };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    complain(`orderly: ${error.message}`);
    return { status: 1 };
  }
}

/** A `supervisor.yml` is the configuration of a folder as well. */
function refuseSecond({ cwd, readFile }: ClientWorld): void {
  for (const name of FILE_NAMES) {
    const path = resolve(cwd, name);
    try {
      readFile(path, 'regular');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
    }
    throw new FileError(
      `Cannot write "${path}": it is there already. -o FILE writes another one, -o - prints it`,
    );
  }
}

const MOST_NAMED = 12;

export function countOf(services: readonly string[]): string {
  const more = services.length > MOST_NAMED ? ` and ${services.length - MOST_NAMED} more` : '';
  const names = services.slice(0, MOST_NAMED).join(', ') + more;
  return `${services.length} ${services.length === 1 ? 'service' : 'services'}: ${names}`;
}

function nextOf(out: string | undefined): string {
  const file = out === undefined ? '' : ` -f ${out}`;
  return `next: "orderly check${file}" shows what would be done, "orderly up${file}" does it`;
}
