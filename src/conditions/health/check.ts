/**
 * What the engine sees of a health condition: feed it while the instance runs, ask it in rounds once it is ready.
 *
 * It belongs to one instance and is created before that is launched, so that no line and no word is
 * missed. It owns nothing outside of an attempt.
 */
import type { StreamName } from '../../events/event.ts';
import type { Notification } from '../../process/ports.ts';
import type { Check } from '../probe/check.ts';
import type { NotifyChannel } from '../probe/probe.ts';

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

/**
 * A health check that is made when the service is ready, and has told what it is about. Until then its draft says what
 * it will need. `make` gives the check, or why there can't be one: then every attempt fails.
 */
export function createLateHealth(
  draft: HealthCheck,
  make: () => HealthCheck | { readonly why: string },
): HealthCheck {
  let made: HealthCheck | { readonly why: string } | undefined;
  const check = (): HealthCheck => (made === undefined || 'why' in made ? draft : made);
  return {
    get subject() {
      return check().subject;
    },
    get unanswered() {
      return check().unanswered;
    },
    get target() {
      return check().target;
    },
    channel: draft.channel,
    listens: draft.listens,
    wantsOutput: draft.wantsOutput,
    output: (stream, chunk) => check().output(stream, chunk),
    notification: (notification) => check().notification(notification),
    begin() {
      made = make();
    },
    async attempt(signal) {
      if (made === undefined) throw new Error('a check was asked before its service was ready');
      return 'why' in made ? { kind: 'never', why: made.why } : made.attempt(signal);
    },
    said: () => check().said?.() ?? '',
  };
}
