/**
 * A part is a condition without its deadline, as each kind implements it; `withDeadline` makes a whole probe of it.
 *
 * The deadline of the whole condition lives here, and nowhere else. One that passes is a failure, never a success, and
 * its sentence says what was missing. Time in which we could not run is not counted.
 */
import { CancelScope, now } from '../../concurrency/index.ts';
import type { Condition } from '../../config/types.ts';
import type { StreamName } from '../../events/event.ts';
import type { Values } from '../../events/fact-shape.ts';
import { formatDuration } from '../../events/format-duration.ts';
import type { Notification } from '../../process/ports.ts';
import type { Elsewhere, Target } from './elsewhere.ts';
import type { NotifyChannel, ReadinessProbe, Reading } from './probe.ts';

export interface Part {
  /** Undefined: it needs none. */
  readonly channel?: NotifyChannel;
  /** Undefined or false: it looks at no output. */
  readonly wantsOutput?: boolean;
  output?(stream: StreamName, chunk: Buffer | undefined): void;
  notification?(notification: Notification): void;
  /** Passes on to what it is made of that it has until then. */
  extend?(untilMs: number): void;
  /** Takes other times over, and passes on to what it is made of what is theirs. */
  retime?(condition: Condition): void;
  /** Waits, without a limit of its own, till it holds or never can. */
  hold(): Promise<Reading>;
  missing(): string;
  /** Undefined: it asks nobody. */
  unanswered?(): readonly Target[];
}

const noValues: Values = Object.freeze({});

export function held(evidence: string, values: Values = noValues): Reading {
  return { kind: 'held', evidence, values };
}

export function failed(why: string): Reading {
  return { kind: 'failed', why };
}

/** Adds to the evidence how long it took, counted from `sinceMs` (when waiting began, with the
 * launch) on the clock of the kernel to this moment. */
export function withElapsed(reading: Reading, sinceMs: number): Reading {
  if (reading.kind === 'failed') return reading;
  return { ...reading, evidence: `${reading.evidence} after ${formatDuration(now() - sinceMs)}` };
}

/** The deadline runs from the launch; undefined: none. */
export function withDeadline(
  part: Part,
  givenMs: number | undefined,
  elsewhere: Elsewhere = async (sentence) => sentence,
): ReadinessProbe {
  let withinMs = givenMs ?? Number.POSITIVE_INFINITY;
  let launchedMs = Number.NEGATIVE_INFINITY;
  let over = false;
  let late = false;
  let extendedMs = Number.NEGATIVE_INFINITY;
  let scope: CancelScope | undefined;
  const unanswered = (): readonly Target[] => part.unanswered?.() ?? [];
  const explain = (): Promise<string> => elsewhere(part.missing(), unanswered());
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
    retime(condition) {
      withinMs = condition.withinMs ?? Number.POSITIVE_INFINITY;
      if (scope !== undefined) scope.deadline = Math.max(launchedMs + withinMs, extendedMs);
      part.retime?.(condition);
    },
    async wait(sinceMs = now()) {
      try {
        launchedMs = sinceMs;
        const deadline = Math.max(sinceMs + withinMs, extendedMs);
        scope = new CancelScope({ deadline, forgivesStalls: true, name: 'readiness' });
        const reading = await scope.run(() => part.hold());
        // What was given back for stalls was never its time.
        const hadMs = Math.max(withinMs, extendedMs - sinceMs);
        late = reading === undefined;
        return reading ?? failed(`not ready within ${formatDuration(hadMs)}: ${await explain()}`);
      } finally {
        over = true;
      }
    },
    missing: () => part.missing(),
    unanswered,
    explain,
  };
}
