/**
 * The moment at which nobody can go on by himself: for tests, which then look, or move the clock. Those who wait for that
 * moment do not count, so that several may.
 */

import type { Clock } from '../clock/clock.ts';
import { ambientClock } from '../scope/ambient.ts';
import { stepsSoFar } from '../wait/activity.ts';
import { suspend, type WaitOptions } from '../wait/suspend.ts';

/** Steps of those who wait here. */
let ownSteps = 0;

/**
 * Resolves once no other task can go on by itself: a whole turn of the event loop has passed in which no wait began or
 * ended. Time does not move for it, on a `VirtualClock` neither. A task that awaits a foreign promise, such as one of
 * real I/O, counts as blocked.
 */
export async function waitAllTasksBlocked(options?: WaitOptions): Promise<void> {
  const clock = ambientClock();
  let before: number;
  do {
    before = stepsSoFar() - ownSteps;
    await turn(clock, options);
  } while (stepsSoFar() - ownSteps !== before);
}

function turn(clock: Clock, options: WaitOptions | undefined): Promise<void> {
  return suspend<void>(
    'all tasks blocked',
    (wait) => {
      ownSteps += 1;
      const timer = clock.at(clock.now(), () => {
        ownSteps += 1;
        wait.fulfil();
      });
      wait.giveUp = () => timer.cancel();
    },
    options,
  );
}
