/**
 * Which users the processes of a service can have. Pure.
 *
 * What a process is set to by the files that it executes (set-user-ID) leaves its real user as it was, so the real one
 * is asked for. Root can be anybody's: what is set to root may make itself root in earnest, as `sudo` does.
 */

/** Their numbers; or it can't be told, since who is root may become anybody. */
export type PossibleUsers = 'anybody' | readonly number[];

export interface OwnUser {
  readonly uid: number;
  /** What it starts may change its user: CAP_SETUID is in its bounding set. */
  readonly mayBecomeOthers: boolean;
}

export const ROOT = 0;

/** `configured`: the number of the service's `user`; undefined: ours. */
export function possibleUsers(configured: number | undefined, own: OwnUser): PossibleUsers {
  const uid = configured ?? own.uid;
  if (uid !== ROOT) return [uid, ROOT];
  return own.mayBecomeOthers ? 'anybody' : [ROOT];
}

/** Undefined: whose the process is isn't to be seen. */
export function canHave(users: PossibleUsers, uid: number | undefined): boolean {
  return users === 'anybody' || (uid !== undefined && users.includes(uid));
}
