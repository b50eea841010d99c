/**
 * What the other runs of a project have left word of, the living and the dead.
 */
import { lstatSync, readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type Claim, parseClaim } from './claim.ts';
import { isRunAlive, parseRunIdentity, type RunIdentity } from './run-id.ts';

export interface FoundClaim extends Claim {
  readonly identity: RunIdentity;
  readonly path: string;
  readonly alive: boolean;
}

/** All of them but our own, of that project or of any, as they are in these folders, which need not exist. */
export function readClaims(
  folders: readonly string[],
  project: string | undefined,
  own: RunIdentity,
): FoundClaim[] {
  return folders.flatMap((folder) =>
    namesIn(folder).flatMap((name) => {
      const identity = parseRunIdentity(name.replace(/\.new$/, ''));
      if (identity === undefined || identity.run === own.run) return [];
      // The life is looked at first: a claim that is read after its run's end is whole.
      const alive = isRunAlive(identity, own);
      const text = name === identity.run ? readIfThere(join(folder, name)) : '';
      if (text === undefined) return [];
      const claim = parseClaim(text);
      // Two projects may share a folder.
      if (project !== undefined && claim.header !== undefined && claim.header.project !== project) return [];
      return [{ ...claim, identity, path: join(folder, identity.run), alive }];
    }),
  );
}

/** What belongs to a claim, and is of use to nobody without it: its socket, or its token. */
export function isOfClaim(path: string): boolean {
  return path.endsWith('.token') || lstatSync(path).isSocket();
}

/** Removes the sockets and tokens in these folders: of runs that are over, since no other than ours is alive. */
export function removeBelongings(folders: readonly string[]): void {
  for (const folder of folders) {
    for (const name of namesIn(folder)) {
      const path = join(folder, name);
      try {
        if (isOfClaim(path)) unlinkSync(path);
      } catch {
        // It is gone, or can't be removed: who listens there next will say so.
      }
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Not there.
    return [];
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Its run has ended meanwhile.
    return undefined;
  }
}
