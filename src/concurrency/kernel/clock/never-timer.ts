/** A timer for a time that does not come. */
import type { ClockTimer } from './clock.ts';

/** What `Clock.at(Infinity, …)` returns. */
export const neverTimer: ClockTimer = { cancel: () => undefined };
