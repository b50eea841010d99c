/**
 * Which stops are a service's own affair, by the reason that was told: it failed, or lost something. All others are
 * orders, of a shutdown or of the failure of something it needs.
 */

/** What never became ready is brought down when that is known, shutdown or not. */
const NEVER_READY = /not ready|notify channel/;
/** It gives way. */
const LOSS = /^"[^"]+" was lost: /;
/** `on_failure: isolate` of what it needs. */
const ISOLATED = /^"[^"]+" (?:failed|was stopped|was skipped): /;

/** `isDown`: a shutdown was under way; then what is found ill waits for its turn like the rest. */
export function isOwnStop(reason: string, isDown: boolean): boolean {
  return NEVER_READY.test(reason) || LOSS.test(reason) || (!isDown && !isOrderedStop(reason));
}

/** It stops because something that it needs has failed for good. */
export function isOrderedStop(reason: string): boolean {
  return ISOLATED.test(reason);
}
