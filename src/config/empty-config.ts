/**
 * The configuration of a folder that has none: no services, and the default of everything else.
 */
import { basename } from 'node:path';
import { deepFreeze } from './deep-freeze.ts';
import { processObject, shutdownObject } from './schema.ts';
import { layered } from './schema-object.ts';
import type { Config } from './types.ts';

/** For whoever brings a service of their own. `dir` is absolute. */
export function emptyConfig(dir: string): Config {
  const shutdown = layered(shutdownObject, undefined);
  const processes = layered(processObject, undefined);
  return deepFreeze({
    name: basename(dir) || 'orderly',
    files: [],
    dir,
    shutdown: { budgetMs: shutdown('budget'), interruptGraceMs: shutdown('interrupt_grace') },
    process: { cgroup: processes('cgroup') },
    services: [],
  });
}
