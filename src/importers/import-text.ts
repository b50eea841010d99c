/**
 * A foreign text as the text of a `supervisor.yaml`: told what it was taken for, and what was lost.
 */
import { posix } from 'node:path';
import type { Diagnostic } from '../config/diagnostics/diagnostic.ts';
import { readDocument } from '../config/yaml/read-document.ts';
import { importCompose } from './compose.ts';
import { type Format, formatOfContent, formatOfName } from './formats.ts';
import type { Importer, ImportSource } from './imported.ts';
import { importMprocs } from './mprocs.ts';
import { importPackageJson } from './package-json.ts';
import { importPm2 } from './pm2.ts';
import { importProcessCompose } from './process-compose.ts';
import { importProcfile } from './procfile.ts';
import { refused } from './read-yaml.ts';
import { rebased } from './rebase.ts';
import { importSupervisord } from './supervisord.ts';
import { writeConfig } from './write-config.ts';

export const IMPORTERS: Readonly<Record<Format, Importer>> = {
  compose: importCompose,
  'process-compose': importProcessCompose,
  procfile: importProcfile,
  mprocs: importMprocs,
  'package-json': importPackageJson,
  supervisord: importSupervisord,
  pm2: importPm2,
};

export interface ImportOptions extends ImportSource {
  /** Left out: it is told by name and content. */
  readonly format?: Format | undefined;
  /** The folder of the file, from that of the configuration to be written; empty: the same. */
  readonly folder: string;
}

export type ImportedText =
  | {
      readonly ok: true;
      readonly format: Format;
      /** Of a `supervisor.yaml`. */
      readonly text: string;
      /** In the order of the source. */
      readonly services: readonly string[];
      readonly losses: readonly Diagnostic[];
    }
  | { readonly ok: false; readonly format: Format | undefined; readonly diagnostics: readonly Diagnostic[] };

/** A file of a person is smaller by far, and takes no second. */
const MOST_CHARACTERS = 1_048_576;
const MOST_SERVICES = 1000;

export async function importText(options: ImportOptions): Promise<ImportedText> {
  const { file, text, folder } = options;
  const refuse = (message: string, hint: string, format?: Format): ImportedText => ({
    ...refused(`Cannot import "${file}": ${message}`, hint),
    format,
  });
  if (text.length > MOST_CHARACTERS) return refuse('it is larger than 1 MiB', 'Import a part of it');
  const format = options.format ?? formatOfName(file) ?? (await contentOf(file, text));
  if (format === undefined)
    return refuse(
      'it is not known which format it has',
      'Name it with --from: compose, process-compose, procfile, mprocs, package-json, supervisord or pm2',
    );
  const imported = await IMPORTERS[format](options);
  if (!imported.ok) return { ...imported, format };
  if (imported.services.length > MOST_SERVICES)
    return refuse(`there are more than ${MOST_SERVICES} services in it`, 'Import a part of it', format);
  return {
    ok: true,
    format,
    text: writeConfig(rebased(imported, folder), posix.join(folder, posix.basename(file))),
    services: imported.services.map(({ name }) => name),
    losses: imported.losses,
  };
}

async function contentOf(file: string, text: string): Promise<Format | undefined> {
  return formatOfContent(text, (await readDocument({ file, text })).value);
}
