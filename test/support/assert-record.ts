/**
 * Holds what a real run told against the guarantees, with the configuration that stands in its folder.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Config } from '../../src/config/types.ts';
import type { OrderlyEvent } from '../../src/events/event.ts';
import { checkRecord, type RecordOptions } from './check-record.ts';

/** `env` is what the run had to fill the configuration in with. */
export async function assertRecord(
  folder: string,
  events: readonly OrderlyEvent[],
  env: NodeJS.ProcessEnv = process.env,
  options?: RecordOptions,
): Promise<void> {
  const { services } = await configIn(folder, env);
  assert.deepEqual(checkRecord(services, events, options), []);
}

/** The configuration `supervisor.yaml` of a folder. Throws if there is anything wrong with it. */
export async function configIn(folder: string, env: NodeJS.ProcessEnv = process.env): Promise<Config> {
  const loaded = await loadConfig({
    files: [join(folder, 'supervisor.yaml')],
    cwd: folder,
    env,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  return loaded.config;
}
