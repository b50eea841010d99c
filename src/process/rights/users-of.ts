/**
 * Which users the processes of a service with these rights can have.
 */
import { readFileSync } from 'node:fs';
import type { Rights } from '../rights-ports.ts';
import { type OwnUser, type PossibleUsers, possibleUsers } from '../tree/members/possible-users.ts';
import { Capability, parseCapabilities } from '../tree/proc/capabilities.ts';

export function usersOf(rights: Pick<Rights, 'uid'> | undefined): PossibleUsers {
  own ??= readOwnUser();
  return possibleUsers(rights?.uid, own);
}

/** It is the same for the life of the process. */
let own: OwnUser | undefined;

function readOwnUser(): OwnUser {
  return {
    uid: process.getuid?.() ?? 0,
    mayBecomeOthers: parseCapabilities(readOwnStatus(), 'CapBnd')?.has(Capability.setuid) ?? true,
  };
}

function readOwnStatus(): string {
  try {
    return readFileSync('/proc/self/status', 'utf8');
  } catch {
    // No /proc, or a part of it is hidden.
    return '';
  }
}
