/**
 * Files that appear and vanish at given times.
 */
import type { Files } from '../../src/process/ports.ts';
import { createTimeline, type Timeline } from './timeline.ts';

export interface FakeFiles extends Files {
  /** It exists from `fromMs` (by default now) on. */
  appear(path: string, fromMs?: number): void;
  vanish(path: string, fromMs?: number): void;
}

export function createFakeFiles(): FakeFiles {
  const files = new Map<string, Timeline<boolean>>();
  const timelineOf = (path: string): Timeline<boolean> => {
    const timeline = files.get(path) ?? createTimeline(false);
    files.set(path, timeline);
    return timeline;
  };
  return {
    exists: async (path) => timelineOf(path).current(),
    appear: (path, fromMs) => timelineOf(path).set(true, fromMs),
    vanish: (path, fromMs) => timelineOf(path).set(false, fromMs),
  };
}
