/**
 * The healthcheck of a compose service as ours: it is ready when its test succeeds for the first time, and asked again and again then.
 * Pure.
 */
import { scalarText, withoutSource } from '../../config/yaml/document-value.ts';
import type { Value } from '../imported.ts';
import { duration, durationMs, get, numberAt, textsOf } from '../values.ts';

/** A command: words, or a text for the shell. */
export type Test = string | readonly string[];

export interface Health {
  readonly ready: Value;
  readonly health: Value;
}

/** What docker takes where nothing is written. */
const DEFAULTS = { intervalMs: 30_000, timeoutMs: 30_000, retries: 3 };

/** Its test; undefined: there is none, or the one of its image. */
export function testOf(healthcheck: unknown): Test | undefined {
  if (withoutSource(get(healthcheck, 'disable')) === true) return undefined;
  const test = get(healthcheck, 'test');
  if (!Array.isArray(test)) return scalarText(test);
  const [kind, ...words] = textsOf(test);
  if (kind === 'CMD-SHELL') return words.join(' ');
  return kind === 'CMD' && words.length > 0 ? words : undefined;
}

/** `exec`: the test as this machine runs it. */
export function healthOf(healthcheck: unknown, exec: Value): Health {
  const ms = (key: string): number | undefined => durationMs(get(healthcheck, key), 1000) || undefined;
  const intervalMs = ms('interval') ?? DEFAULTS.intervalMs;
  const timeoutMs = ms('timeout') ?? DEFAULTS.timeoutMs;
  const retries = Math.max(1, Math.round(numberAt(healthcheck, 'retries') || DEFAULTS.retries));
  const startIntervalMs = ms('start_interval');
  // It may fail as long as it starts, and then so many times in a row.
  const withinMs = (ms('start_period') ?? 0) + retries * (intervalMs + timeoutMs);
  return {
    ready: {
      exec,
      within: duration(withinMs),
      timeout: duration(timeoutMs),
      ...(startIntervalMs !== undefined && { interval: duration(startIntervalMs) }),
    },
    // Docker only tells that it is unhealthy.
    health: {
      exec,
      interval: duration(intervalMs),
      timeout: duration(timeoutMs),
      failures: retries,
      on_failure: 'report',
    },
  };
}
