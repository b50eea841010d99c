/**
 * Files that appear and vanish at given times; sockets among them.
 */
import type { Files } from '../../src/process/ports.ts';
import { createTimeline, type Timeline } from './timeline.ts';

export interface FakeFiles extends Files {
  /** It exists from `fromMs` (by default now) on. */
  appear(path: string, fromMs?: number): void;
  /** From now on, if it is there, it is a socket. */
  beSocket(path: string): void;
  vanish(path: string, fromMs?: number): void;
}

export function createFakeFiles(): FakeFiles {
  const sockets = new Set<string>();
  const files = new Map<string, Timeline<boolean>>();
  const timelineOf = (path: string): Timeline<boolean> => {
    const timeline = files.get(path) ?? createTimeline(false);
    files.set(path, timeline);
    return timeline;
  };
  return {
    async find(path) {
      if (!timelineOf(path).current()) return 'nothing';
      return sockets.has(path) ? 'socket' : 'other';
    },
    programFolders: () => [],
    beSocket: (path) => void sockets.add(path),
    appear: (path, fromMs) => timelineOf(path).set(true, fromMs),
    vanish: (path, fromMs) => timelineOf(path).set(false, fromMs),
  };
}
