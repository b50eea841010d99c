/**
 * What the engine sees of a health condition: feed it while the instance runs, ask it in rounds once it is ready.
 *
 * Types only. It belongs to one instance and is created before that is launched, so that no line and no word is
 * missed. It owns nothing outside of an attempt.
 */
import type { StreamName } from '../events/event.ts';
import type { Notification } from '../process/ports.ts';
import type { Check } from './check.ts';
import type { NotifyChannel } from './probe.ts';

export interface HealthCheck extends Check {
  /** Which notify channel the instance must be launched with. */
  readonly channel: NotifyChannel;
  /** It judges what came since it was last asked, and must have listened for a whole interval to do so. */
  readonly listens: boolean;
  /** Whether it looks at output at all; call `output` only then. */
  readonly wantsOutput: boolean;
  /** Takes a chunk, valid for the time of the call only; undefined: the stream has ended. Never throws. */
  output(stream: StreamName, chunk: Buffer | undefined): void;
  notification(notification: Notification): void;
  /** The service is ready: attempts follow. Missing: that makes no difference. */
  begin?(): void;
}

/** A health check that only asks. */
export function asking(check: Check): HealthCheck {
  return { ...check, ...deaf, said: () => check.said?.() ?? '' };
}

const deaf = {
  channel: 'none',
  listens: false,
  wantsOutput: false,
  output: () => undefined,
  notification: () => undefined,
} as const;
