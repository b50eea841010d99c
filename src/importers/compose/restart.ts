/**
 * The restart policy of a compose service as ours: docker starts again without a limit, unless one is given. Pure.
 */
import type { Value } from '../imported.ts';
import { duration, durationMs, get, numberAt, textAt } from '../values.ts';

/** Undefined: it can't be read. */
export function restartOf(written: unknown): Value | undefined {
  const policy = get(get(written, 'deploy'), 'restart_policy');
  const own = textAt(written, 'restart');
  if (own === undefined && policy !== undefined) return ofDeploy(policy);
  if (own === undefined || own === 'no' || own === 'false') return 'no';
  if (own === 'always' || own === 'unless-stopped') return { policy: 'always', max: 0 };
  const [, count] = /^on-failure(?::(\d{1,9}))?$/.exec(own) ?? [undefined, undefined];
  if (!own.startsWith('on-failure')) return undefined;
  return { policy: 'on-failure', max: Number(count ?? 0) };
}

function ofDeploy(policy: unknown): Value | undefined {
  const condition = textAt(policy, 'condition') ?? 'any';
  if (condition === 'none') return 'no';
  if (condition !== 'any' && condition !== 'on-failure') return undefined;
  const [delayMs, windowMs] = ['delay', 'window'].map((key) => durationMs(get(policy, key), 1e-6));
  return {
    policy: condition === 'any' ? 'always' : 'on-failure',
    max: Math.max(0, Math.round(numberAt(policy, 'max_attempts') ?? 0)),
    ...(delayMs && { delay: duration(delayMs) }),
    ...(windowMs && { window: duration(windowMs) }),
  };
}
