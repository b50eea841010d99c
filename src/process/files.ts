/**
 * Looks whether something is there, following links. It never rejects: what may not be seen is not there for us.
 */
import { access } from 'node:fs/promises';
import type { Files } from './ports.ts';

export function createFiles(): Files {
  return {
    async exists(path) {
      try {
        await access(path);
        return true;
      } catch {
        // Missing, or below a folder that may not be entered.
        return false;
      }
    },
  };
}
