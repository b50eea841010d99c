/**
 * Whose a listening socket is, by what its holders show and by its user. Pure.
 *
 * Where a process of the service doesn't show what it holds (it is of another user, and we lack CAP_SYS_PTRACE), the
 * user of the socket tells: a socket has the user of who made it, which everybody may read.
 */
import { canHave, type PossibleUsers, ROOT } from '../tree/members/possible-users.ts';
import type { Holding } from './socket-holders.ts';

export interface HolderFacts {
  /** What the processes of the service show of it: `yes` is one that does; else `hidden` is one that shows nothing. */
  readonly holding: Holding;
  /** Of the socket. */
  readonly uid: number;
  readonly users: PossibleUsers;
  /** The users, real and effective, of the processes of the service that show nothing. */
  readonly hiddenUids: readonly number[];
}

/** `own-unless-shown`: nobody of the service shows it, but it can be one of them; unless another one shows that he has it. */
export type Whose = 'own' | 'own-unless-shown' | 'stranger';

export function decideWhose({ holding, uid, users, hiddenUids }: HolderFacts): Whose {
  if (holding !== 'hidden') return holding === 'yes' ? 'own' : 'stranger';
  if (!canHave(users, uid)) return 'stranger';
  // Who may become anybody may have made it as root, before that.
  const isTheirs = hiddenUids.includes(uid) || (users === 'anybody' && uid === ROOT);
  return isTheirs ? 'own-unless-shown' : 'stranger';
}
