/**
 * Makes a probe of a part: the deadline of the whole condition lives here, and nowhere else.
 *
 * A deadline that passes is a failure, never a success, and its sentence says what was missing.
 */
import { moveOnAfter } from '../concurrency/index.ts';
import { formatDuration } from '../events/format-duration.ts';
import { failed, type Part } from './part.ts';
import type { ReadinessProbe } from './probe.ts';

/** The deadline runs from `wait`, that is from the launch; undefined: none. */
export function withDeadline(part: Part, withinMs: number | undefined): ReadinessProbe {
  let over = false;
  return {
    channel: part.channel ?? 'none',
    get wantsOutput() {
      return !over && part.wantsOutput === true;
    },
    output: (stream, chunk) => part.output?.(stream, chunk),
    notification: (notification) => part.notification?.(notification),
    async wait() {
      try {
        if (withinMs === undefined) return await part.hold();
        const reading = await moveOnAfter(withinMs, () => part.hold());
        return reading ?? failed(`not ready within ${formatDuration(withinMs)}: ${part.missing()}`);
      } finally {
        over = true;
      }
    },
    missing: () => part.missing(),
  };
}
