/**
 * The longest that each part of a service's stop may take by its own settings, before any budget is looked at.
 */
import type { Config } from '../config/types.ts';

/** What a SIGKILL may need until the whole tree is gone. */
export const KILL_MS = 250;

export interface StopLimits {
  /** From being asked to being killed. */
  readonly graceMs: number;
  /** The timeouts of its clean-ups, which run one after the other. */
  readonly cleanupMs: number;
}

export function stopLimits(config: Pick<Config, 'services'>): ReadonlyMap<string, StopLimits> {
  return new Map(
    config.services.map(({ name, stop, cleanup }) => [
      name,
      {
        graceMs: stop.graceMs,
        cleanupMs: cleanup.reduce((sumMs, { timeoutMs }) => sumMs + timeoutMs, 0),
      },
    ]),
  );
}
