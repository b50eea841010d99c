/**
 * Looks up users and groups: in /etc/passwd and /etc/group, and what isn't there with `getent`, which knows what the
 * system knows (LDAP, systemd-homed).
 *
 * Each question is asked once. A directory service that doesn't answer makes a user unknown after five seconds.
 */
import { readFileSync } from 'node:fs';
import {
  findGroupNumber,
  findUserEntry,
  groupsWithMember,
  isNumber,
  type UserEntry,
} from './account-files.ts';
import { askProgram } from './ask-program.ts';

/** None of them rejects; undefined: not known. */
export interface Accounts {
  user(nameOrNumber: string): Promise<UserEntry | undefined>;
  group(nameOrNumber: string): Promise<number | undefined>;
  /** The supplementary groups of a user. */
  groupsOf(user: UserEntry): Promise<readonly number[]>;
}

/** `getent`: its path, if there is one. */
export function createAccounts(getent: string | undefined): Accounts {
  const passwd = once(() => readText('/etc/passwd'));
  const groups = once(() => readText('/etc/group'));
  const answers = new Map<string, Promise<string>>();
  const ask = (database: string, key: string): Promise<string> => {
    const question = `${database} ${key}`;
    const answer = answers.get(question) ?? askGetent(getent, database, key);
    answers.set(question, answer);
    return answer;
  };
  return {
    async user(wanted) {
      return findUserEntry(passwd(), wanted) ?? findUserEntry(await ask('passwd', wanted), wanted);
    },
    async group(wanted) {
      const found = findGroupNumber(groups(), wanted);
      if (found !== undefined || isNumber(wanted)) return found ?? Number(wanted);
      return findGroupNumber(await ask('group', wanted), wanted);
    },
    async groupsOf({ name, gid }) {
      // "postgres   103 104"; the getent of musl doesn't know this database.
      const [, ...told] = (await ask('initgroups', name)).trim().split(/\s+/);
      const all =
        told.length > 0 && told.every(isNumber) ? told.map(Number) : groupsWithMember(groups(), name);
      return [...new Set(all)].filter((each) => each !== gid);
    },
  };
}

/** It exits with 2 for what it doesn't know. */
async function askGetent(getent: string | undefined, database: string, key: string): Promise<string> {
  if (getent === undefined) return '';
  const { code, stdout } = await askProgram(getent, [database, key]);
  return code === 0 ? stdout : '';
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // An image may have no users but numbers.
    return '';
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
