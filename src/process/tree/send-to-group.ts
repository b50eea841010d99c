/**
 * Signals a whole process group at once, so that nothing in it can fork away from us; and each of it that we may not
 * signal, through its user.
 *
 * kill(2) of a group is done when one of it could be signalled: of the others nothing is said.
 */
import { ownSignalRights } from './own-signal-rights.ts';
import { sendSignals, trySignals } from './send-signal.ts';

/** `members`: who is in it, as far as is known; asked for only where the kernel may have passed over somebody. */
export function sendToGroup(
  leader: number,
  members: () => readonly { readonly pid: number }[],
  signals: readonly NodeJS.Signals[],
): void {
  const sent = trySignals(-leader, signals);
  if (sent === 'nobody' || (sent === 'sent' && ownSignalRights().maySignalAll)) return;
  for (const { pid } of members()) if (trySignals(pid, [0]) === 'not-permitted') sendSignals(pid, signals);
}
