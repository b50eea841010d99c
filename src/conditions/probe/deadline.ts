/**
 * Makes a probe of a part: the deadline of the whole condition lives here, and nowhere else.
 *
 * A deadline that passes is a failure, never a success, and its sentence says what was missing. Time in which we could
 * not run is not counted.
 */
import { CancelScope, now } from '../../concurrency/index.ts';
import { formatDuration } from '../../events/format-duration.ts';
import { failed, type Part } from './part.ts';
import type { ReadinessProbe } from './probe.ts';

/** The deadline runs from the launch; undefined: none. */
export function withDeadline(part: Part, withinMs: number | undefined): ReadinessProbe {
  let over = false;
  let late = false;
  let extendedMs = Number.NEGATIVE_INFINITY;
  let scope: CancelScope | undefined;
  return {
    channel: part.channel ?? 'none',
    get wantsOutput() {
      return !over && part.wantsOutput === true;
    },
    get isOver() {
      return over;
    },
    get isLate() {
      return late;
    },
    output: (stream, chunk) => part.output?.(stream, chunk),
    notification: (notification) => part.notification?.(notification),
    extend(untilMs) {
      extendedMs = Math.max(extendedMs, untilMs);
      if (scope !== undefined) scope.deadline = Math.max(scope.deadline, untilMs);
      part.extend?.(untilMs);
    },
    async wait(sinceMs = now()) {
      try {
        if (withinMs === undefined) return await part.hold();
        const deadline = Math.max(sinceMs + withinMs, extendedMs);
        scope = new CancelScope({ deadline, forgivesStalls: true, name: 'readiness' });
        const reading = await scope.run(() => part.hold());
        // What was given back for stalls was never its time.
        const givenMs = Math.max(withinMs, extendedMs - sinceMs);
        late = reading === undefined;
        return reading ?? failed(`not ready within ${formatDuration(givenMs)}: ${part.missing()}`);
      } finally {
        over = true;
      }
    },
    missing: () => part.missing(),
  };
}
