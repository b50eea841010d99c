/**
 * Looks at the machine once, and says of each service that asks for rights how it gets them, or why it can't.
 */
import { readFileSync } from 'node:fs';
import { askProgram } from './ask-program.ts';
import type { AskedRights, ResolvedRights } from './asked-rights.ts';
import {
  type FoundAccounts,
  findGroupNumber,
  findUserEntry,
  groupsWithMember,
  isNumber,
  type UserEntry,
} from './decide-identity.ts';
import { decideRights } from './decide-rights.ts';
import { readOwnRights } from './own-rights.ts';
import { findRightsTools } from './rights-tools.ts';

/** One answer for each, in their order. Never rejects. */
export async function resolveRights(
  services: readonly AskedRights[],
  searchPath: string | undefined,
): Promise<readonly ResolvedRights[]> {
  const machine = { own: readOwnRights(), tools: findRightsTools(searchPath) };
  const accounts = createAccounts(machine.tools.getent);
  return Promise.all(
    services.map(async (asked) => decideRights(asked, await findAccounts(accounts, asked), machine)),
  );
}

async function findAccounts(accounts: Accounts, { user, group }: AskedRights): Promise<FoundAccounts> {
  const entry = user === undefined ? undefined : await accounts.user(user);
  return {
    user: entry,
    group: group === undefined ? undefined : await accounts.group(group),
    groups: entry === undefined ? [] : await accounts.groupsOf(entry),
  };
}

// Looks up users and groups: in /etc/passwd and /etc/group, and what isn't there with `getent`, which knows what the
// system knows (LDAP, systemd-homed).
//
// Each question is asked once. A directory service that doesn't answer makes a user unknown after five seconds.

/** None of them rejects; undefined: not known. */
interface Accounts {
  user(nameOrNumber: string): Promise<UserEntry | undefined>;
  group(nameOrNumber: string): Promise<number | undefined>;
  /** The supplementary groups of a user. */
  groupsOf(user: UserEntry): Promise<readonly number[]>;
}

/** `getent`: its path, if there is one. */
function createAccounts(getent: string | undefined): Accounts {
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
