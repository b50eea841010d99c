/**
 * Looks whether something is there, following links. It never rejects: what may not be seen is not there for us.
 */
import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { untilMountAnswers } from './mounts.ts';
import type { Files } from './ports.ts';

export function createFiles(): Files {
  /** A look that isn't answered holds a thread of the pool, of which there are few: nobody asks beside it. */
  const open = new Map<string, Promise<boolean>>();
  return {
    exists(path) {
      const looking = open.get(path) ?? isThere(path).finally(() => open.delete(path));
      open.set(path, looking);
      return looking;
    },
  };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await untilMountAnswers(resolve(path));
    await access(path);
    return true;
  } catch {
    // Missing, or below a folder that may not be entered.
    return false;
  }
}
