/**
 * The environment of an instance: what was asked for, its mark, and how to reach the notify channel. Pure.
 *
 * What our own parent told us about channels of its own is not for our services: they would speak to it.
 */

import type { LaunchRequest } from '../ports.ts';

/** Where a service finds its notify channel. */
export const CHANNEL_FD = 3;

/** By these a service reaches its channel. */
export const CHANNEL_VARIABLES: readonly string[] = [
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
  'NOTIFY_SOCKET',
  'ORDERLY_NOTIFY_FD',
  'WATCHDOG_PID',
  'WATCHDOG_USEC',
];

type ServiceToTell = Pick<LaunchRequest, 'env' | 'channel' | 'watchdogMs'>;

/**
 * `mark`: by what it is recognised. `inherited`: our own environment, to tell what came from our parent from what the user set. `socket`: the path of
 * its channel, if that is one.
 */
export function serviceEnvironment(
  mark: Readonly<Record<string, string>>,
  { env, channel, watchdogMs }: ServiceToTell,
  inherited: Readonly<Record<string, string | undefined>>,
  socket?: string,
): Record<string, string> {
  const result = withoutOurChannels(env, inherited);
  if (channel === 'fd') result.ORDERLY_NOTIFY_FD = String(CHANNEL_FD);
  if (socket !== undefined) result.NOTIFY_SOCKET = socket;
  if (channel === 'node') {
    result.NODE_CHANNEL_FD = String(CHANNEL_FD);
    result.NODE_CHANNEL_SERIALIZATION_MODE = 'json';
  }
  // WATCHDOG_PID comes with `watchdog-pid.ts`, or not at all, as it may be missing (sd_watchdog_enabled(3)).
  if (watchdogMs !== undefined) result.WATCHDOG_USEC = String(watchdogMs * 1000);
  return Object.assign(result, mark);
}

/** What a command or a service gets of an environment: all but how to reach our own parent. */
export function withoutOurChannels(
  env: Readonly<Record<string, string>>,
  inherited: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const result: Record<string, string> = { ...env };
  for (const name of CHANNEL_VARIABLES) {
    if (result[name] === inherited[name]) delete result[name];
  }
  return result;
}
