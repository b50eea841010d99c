/**
 * What was imported, for a configuration in another folder: what was relative to the source is so still. Pure.
 */
import { posix } from 'node:path';
import type { Imported, ServiceKeys, Value } from './imported.ts';

/** `folder`: that of the source, from that of the configuration; empty: they are the same. */
export function rebased(imported: Imported, folder: string): Imported {
  if (folder === '') return imported;
  const { top, services, losses } = imported;
  return {
    top: { ...top, ...filesIn(top, folder) },
    services: services.map((service) => ({
      ...service,
      keys: { ...service.keys, ...placed(service.keys, folder) },
    })),
    losses,
  };
}

function placed(keys: ServiceKeys, folder: string): ServiceKeys {
  const { cwd, log } = keys;
  const file = isObject(log) && typeof log.file === 'string' ? log.file : undefined;
  return {
    cwd: moved(typeof cwd === 'string' ? cwd : '.', folder),
    ...filesIn(keys, folder),
    ...(file !== undefined && { log: { ...(log as object), file: moved(file, folder) } }),
  };
}

function filesIn({ env_file: files }: ServiceKeys, folder: string): ServiceKeys {
  if (!Array.isArray(files)) return {};
  return {
    env_file: files.map((one: Value): Value => {
      if (typeof one === 'string') return moved(one, folder);
      return isObject(one) && typeof one.path === 'string' ? { ...one, path: moved(one.path, folder) } : one;
    }),
  };
}

function isObject(value: Value | undefined): value is { readonly [key: string]: Value | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map);
}

function moved(path: string, folder: string): string {
  return path.startsWith('/') || path.startsWith('$') || path.startsWith('~')
    ? path
    : posix.join(folder, path);
}
