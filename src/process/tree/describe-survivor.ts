/**
 * What is told of a process that is alive though it should not be.
 */
import type { Survivor } from '../../events/event.ts';
import { readCommandLine } from './command-line.ts';
import { ownSignalRights, whyNotSignalled } from './own-signal-rights.ts';
import { readUsers } from './process-user.ts';
import { trySignals } from './send-signal.ts';
import { canSendByUser } from './signal-by-user.ts';

/** `service`: empty if that can't be told. */
export function describeSurvivor(pid: number, service: string): Survivor {
  const mute = trySignals(pid, [0]) === 'not-permitted' && !canSendByUser();
  const why = mute ? { why: whyNotSignalled(readUsers(pid)[0], ownSignalRights()) } : {};
  return { service, pid, command: readCommandLine(pid), ...why };
}
