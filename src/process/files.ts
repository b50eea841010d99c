/**
 * Looks what is there, following links. It never rejects: what may not be seen is not there for us.
 */
import { stat } from 'node:fs/promises';
import type { Files } from './ports.ts';

export function createFiles(): Files {
  return {
    async find(path) {
      try {
        return (await stat(path)).isSocket() ? 'socket' : 'other';
      } catch {
        // Missing, or below a folder that may not be entered.
        return 'nothing';
      }
    },
  };
}
