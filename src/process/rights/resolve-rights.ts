/**
 * Looks at the machine once, and says of each service that asks for rights how it gets them, or why it can't.
 */
import { type Accounts, createAccounts } from './accounts.ts';
import type { AskedRights, ResolvedRights } from './asked-rights.ts';
import type { FoundAccounts } from './decide-identity.ts';
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
