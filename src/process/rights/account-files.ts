/**
 * What /etc/passwd and /etc/group say. Pure.
 */

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
