/**
 * Looks what is there, following links. It never rejects: what may not be seen is not there for us.
 */
import { stat } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Files } from '../ports.ts';
import { untilMountAnswers } from './mounts.ts';
import { findProgramFolders } from './program-folders.ts';

// What `node:fs/promises` loads costs a start 3 ms.
const statAt = promisify(stat);

export function createFiles(): Files {
  /** A look that isn't answered holds a thread of the pool, of which there are few: nobody asks beside it. */
  const open = new Map<string, ReturnType<Files['find']>>();
  return {
    find(path) {
      const looking = open.get(path) ?? look(path).finally(() => open.delete(path));
      open.set(path, looking);
      return looking;
    },
    programFolders: findProgramFolders,
  };
}

async function look(path: string): ReturnType<Files['find']> {
  try {
    await untilMountAnswers(resolve(path));
    return (await statAt(path)).isSocket() ? 'socket' : 'other';
  } catch {
    // Missing, or below a folder that may not be entered.
    return 'nothing';
  }
}
