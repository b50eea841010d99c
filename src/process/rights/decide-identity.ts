/**
 * Which user and groups a service gets, and whether we may give them. Pure.
 */
import type { AskedRights, RightsTrouble } from './asked-rights.ts';
import type { OwnRights } from './own-rights.ts';

/** What was looked up of what is asked for. */
export interface FoundAccounts {
  /** Undefined: there is none, or it wasn't asked for. */
  readonly user: UserEntry | undefined;
  readonly group: number | undefined;
  /** The supplementary groups of the user. */
  readonly groups: readonly number[];
}

export interface Identity {
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** `user "app"`. */
  readonly who: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type IdentityDecision =
  | { readonly kind: 'ourselves' }
  | { readonly kind: 'other'; readonly identity: Identity }
  | { readonly kind: 'refused'; readonly troubles: readonly RightsTrouble[] };

export function decideIdentity(asked: AskedRights, found: FoundAccounts, own: OwnRights): IdentityDecision {
  const { user, group } = asked;
  if (user === undefined && group === undefined) return { kind: 'ourselves' };
  const troubles = [
    ...(user !== undefined && found.user === undefined && !isNumber(user) ? [unknown('user', user)] : []),
    ...(group !== undefined && found.group === undefined ? [unknown('group', group)] : []),
  ];
  if (troubles.length > 0) return { kind: 'refused', troubles };
  const uid = user === undefined ? own.uid : (found.user?.uid ?? Number(user));
  // A number without an entry has the group of the same number, as users with entries mostly have; never that of root.
  const ownGroup = user === undefined ? own.gid : (found.user?.gid ?? uid);
  const gid = found.group ?? ownGroup;
  const stays = uid === own.uid && (gid === own.gid || (group === undefined && !own.mayChangeUser));
  if (stays) return { kind: 'ourselves' };
  const who = uid === own.uid ? `group ${JSON.stringify(group)}` : `user ${JSON.stringify(user)}`;
  const key = uid === own.uid ? 'group' : 'user';
  if (!own.mayChangeUser) return { kind: 'refused', troubles: [mayNot(key, who, own)] };
  const env = user === undefined ? {} : environmentOf(found.user);
  return { kind: 'other', identity: { uid, gid, groups: found.groups, who, env } };
}

/** As systemd sets them for `User=`. */
function environmentOf(user: UserEntry | undefined): Identity['env'] {
  // A shell that only says that nobody may log in is of no use to programs that look for one.
  const hasShell = user !== undefined && user.shell !== '' && !/\/(?:nologin|false|sync)$/.test(user.shell);
  return {
    HOME: user?.home || '/',
    USER: user?.name,
    LOGNAME: user?.name,
    SHELL: hasShell ? user.shell : '/bin/sh',
  };
}

function unknown(key: 'user' | 'group', name: string): RightsTrouble {
  const message = `run as ${key} ${JSON.stringify(name)}: there is no such ${key} on this machine`;
  return { key: [key], message, hint: `Create it (${key}add ${name}), or change "${key}"` };
}

function mayNot(key: string, who: string, own: OwnRights): RightsTrouble {
  return own.uid === 0
    ? {
        key: [key],
        message: `run as ${who}: orderly is root without the capabilities CAP_SETUID and CAP_SETGID`,
        hint: `Give them to it (docker run --cap-add SETUID --cap-add SETGID), or remove "${key}"`,
      }
    : {
        key: [key],
        message: `run as ${who}: orderly runs as user ${own.uid}, and only root may become another`,
        hint: `Start orderly as root, or as that ${key}, or remove "${key}"`,
      };
}

// What /etc/passwd and /etc/group say. Pure.

export interface UserEntry {
  readonly name: string;
  readonly uid: number;
  /** Its primary group. */
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

/** The first entry with this name, or with this number if it consists of digits. */
export function findUserEntry(passwd: string, nameOrNumber: string): UserEntry | undefined {
  const fields = findFields(passwd, nameOrNumber);
  const [name = '', , uid = '', gid = '', , home = '', shell = ''] = fields ?? [];
  if (!isNumber(uid) || !isNumber(gid)) return undefined;
  return { name, uid: Number(uid), gid: Number(gid), home, shell };
}

/** The number of a group. */
export function findGroupNumber(groups: string, nameOrNumber: string): number | undefined {
  const [, , gid = ''] = findFields(groups, nameOrNumber) ?? [];
  return isNumber(gid) ? Number(gid) : undefined;
}

/** The groups that name a user among their members. */
export function groupsWithMember(groups: string, user: string): readonly number[] {
  return groups.split('\n').flatMap((line) => {
    const [, , gid = '', members = ''] = line.split(':');
    return isNumber(gid) && members.trim().split(',').includes(user) ? [Number(gid)] : [];
  });
}

/** Name and number stand at the same places in both files. */
function findFields(text: string, nameOrNumber: string): readonly string[] | undefined {
  const at = isNumber(nameOrNumber) ? 2 : 0;
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .find((fields) => fields.length > 2 && fields[at] === nameOrNumber);
}

export function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}
