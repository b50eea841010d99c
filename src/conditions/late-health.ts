/**
 * A health check that is made when the service is ready, and has told what it is about. Until then its draft says what it
 * will need.
 */
import type { HealthCheck } from './health-check.ts';

/** `make` gives the check, or why there can't be one: then every attempt fails. */
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
