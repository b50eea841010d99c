/**
 * Both critical paths of a run.
 */
import type { CriticalPath } from './critical-path.ts';
import { startPath } from './start-path.ts';
import { stopPath } from './stop-path.ts';
import type { Timeline } from './timeline.ts';

/** Undefined: there was none. */
export interface Paths {
  readonly start: CriticalPath | undefined;
  readonly stop: CriticalPath | undefined;
}

/** `to`: the service that the path of the start-up leads to, in place of the last that became ready. */
export function pathsOf(timeline: Timeline, to?: string): Paths {
  return { start: startPath(timeline, to), stop: stopPath(timeline) };
}
