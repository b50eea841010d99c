/**
 * Imports the fixtures of a folder, and holds what comes against the files beside them: the text that is written (`.written.txt`), and
 * what is told to be lost (`.lost.txt`). What is written must load.
 *
 * With WRITE_FIXTURES=1 those files are written anew, to be read before they are committed.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closest } from '../../../src/config/diagnostics/closest.ts';
import { formatDiagnostic } from '../../../src/config/diagnostics/diagnostic.ts';
import type { Config, ServiceConfig } from '../../../src/config/types.ts';
import { buildGraph } from '../../../src/graph/graph.ts';
import type { Format } from '../../../src/importers/formats.ts';
import { type ImportedText, importText } from '../../../src/importers/import-text.ts';
import { repositoryRoot } from '../../support/repository-root.ts';
import { type Given, goodConfig } from '../config/load.ts';

export type Good = Extract<ImportedText, { readonly ok: true }>;

export interface ImportGiven extends Given {
  readonly folder?: string;
  readonly format?: Format;
}

/** A text that can be imported. */
export async function imported(
  file: string,
  text: string,
  { folder = '', format }: ImportGiven = {},
): Promise<Good> {
  const result = await importText({ file, text, folder, format });
  assert.ok(
    result.ok,
    result.ok ? '' : result.diagnostics.map((one) => formatDiagnostic(one, '/shop')).join('\n'),
  );
  return result;
}

/** The sentences about a text that can't be imported. */
export async function refusal(file: string, text: string, format?: Format): Promise<readonly string[]> {
  const result = await importText({ file, text, folder: '', format });
  assert.ok(!result.ok, 'it was imported');
  return result.diagnostics.map(({ message }) => message);
}

/** The configuration that a text means, which has to be good, its graph too. */
export async function configOf({ text }: Pick<Good, 'text'>, given?: Given): Promise<Config> {
  const config = await goodConfig(text, given);
  const graph = buildGraph(config, closest);
  assert.deepEqual(graph.ok ? [] : graph.problems, []);
  return config;
}

/** The services of a text by their names. */
export async function servicesOf(
  file: string,
  text: string,
  given?: ImportGiven,
): Promise<Readonly<Record<string, ServiceConfig>>> {
  const { services } = await configOf(await imported(file, text, given), given);
  return Object.fromEntries(services.map((one) => [one.name, one]));
}

/** `line message` of each loss. */
export function lossesOf({ losses }: Good): readonly string[] {
  return losses.map(({ place, message }) => `${place?.line} ${message}`);
}

/** Imports a fixture, and compares; gives what it means. */
export async function fixture(
  path: string,
  given?: ImportGiven,
): Promise<Good & { readonly config: Config }> {
  const folder = join(repositoryRoot(), 'test/unit/importers');
  const file = path.split('/').at(-1)!;
  const good = await imported(`/shop/${file}`, readFileSync(join(folder, path), 'utf8'), given);
  const lost = good.losses.map((one) => `${formatDiagnostic(one, '/shop')}\n`).join('');
  for (const [ending, now] of [
    ['.written.txt', good.text],
    ['.lost.txt', lost],
  ] as const) {
    if (process.env.WRITE_FIXTURES === '1') writeFileSync(join(folder, path + ending), now);
    assert.equal(now, readFileSync(join(folder, path + ending), 'utf8'), `${path}${ending}`);
  }
  return { ...good, config: await configOf(good, given) };
}
