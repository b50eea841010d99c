/**
 * What is told of a process that is alive though it should not be.
 */
import type { Survivor } from '../../events/event.ts';
import { readCommandLine, readUsers } from './proc/process-file.ts';
import { canSendByUser } from './signals/by-user.ts';
import { ownSignalRights, whyNotSignalled } from './signals/own-rights.ts';
import { trySignals } from './signals/send-signal.ts';

/** `service`: empty if that can't be told. */
export function describeSurvivor(pid: number, service: string): Survivor {
  const mute = trySignals(pid, [0]) === 'not-permitted' && !canSendByUser();
  const why = mute ? { why: whyNotSignalled(readUsers(pid)[0], ownSignalRights()) } : {};
  return { service, pid, command: readCommandLine(pid), ...why };
}
