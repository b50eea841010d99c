/**
 * Looks again and again, soon at first, then less often, until a look finds nothing.
 */

const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 100;

export interface GoneWatch {
  /** Settles when a look found nothing. All callers share one watch; it begins with the first. */
  gone(): Promise<void>;
  /** Makes the next look come soon: something was done that may end them. */
  hurry(): void;
}

/** `isGone` looks once. The watch ends with the first look that found nothing. */
export function createGoneWatch(
  isGone: () => boolean | Promise<boolean>,
  longestPauseMs = LONGEST_PAUSE_MS,
): GoneWatch {
  let wake: (() => void) | undefined;
  let pauseMs = SHORTEST_PAUSE_MS;
  let watch: Promise<void> | undefined;

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => wake?.(), pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
      wake = () => {
        clearTimeout(timer);
        wake = undefined;
        resolve();
      };
    });

  const untilGone = async (): Promise<void> => {
    while (!(await isGone())) await pause();
  };

  return {
    gone() {
      watch ??= untilGone();
      return watch;
    },
    hurry() {
      pauseMs = SHORTEST_PAUSE_MS;
      wake?.();
    },
  };
}
