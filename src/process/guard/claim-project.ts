/**
 * Makes sure that a project runs once: leaves our claim, looks at those of others, and goes on or yields.
 *
 * Whoever gets a claim owns it. What dead runs left is only reported here.
 */
import { join } from 'node:path';
import type { ClaimHeader } from './claim.ts';
import { type ClaimFile, createClaimFile } from './claim-file.ts';
import { projectKey } from './project-key.ts';
import { type FoundClaim, readClaims, removeBelongings } from './read-claims.ts';
import { pidNamespace, type RunIdentity } from './run-id.ts';
import { isPrivateFolder, openRuntimeFolder } from './runtime-folder.ts';

export type Claimed =
  | { readonly kind: 'ours'; readonly claim: ClaimFile; readonly dead: readonly FoundClaim[] }
  | { readonly kind: 'taken'; readonly by: FoundClaim }
  /** No folder can be written to. */
  | { readonly kind: 'no-folder' };

export interface ClaimRequest {
  readonly own: RunIdentity;
  readonly header: ClaimHeader;
  /** Where runs of this user leave word, the best first. */
  readonly folders: readonly string[];
  readonly uid: number;
}

/** A choice takes microseconds; who stands still in the midst of it is stopped, and we don't wait for it for ever. */
const LONGEST_WAIT_MS = 5000;
const LOOK_EVERY_MS = 5;

/** Never rejects for what others did. */
export async function claimProject({ own, header, folders, uid }: ClaimRequest): Promise<Claimed> {
  const key = projectKey(header.project, pidNamespace());
  const claim = leaveClaim(folders, uid, key, own, header);
  if (claim === undefined) return { kind: 'no-folder' };
  const places = folders.filter((folder) => isPrivateFolder(folder, uid)).map((folder) => join(folder, key));
  const giveUpMs = performance.now() + LONGEST_WAIT_MS;
  for (;;) {
    const claims = readClaims(places, header.project, own);
    const decision = decideClaim(
      own,
      claims.filter(({ alive }) => alive),
    );
    if (decision.kind === 'run') {
      claim.run();
      removeBelongings(places);
      return { kind: 'ours', claim, dead: claims };
    }
    if (decision.kind === 'yield' || performance.now() > giveUpMs) {
      claim.remove();
      return { kind: 'taken', by: decision.kind === 'yield' ? decision.to : decision.for };
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function leaveClaim(
  folders: readonly string[],
  uid: number,
  key: string,
  own: RunIdentity,
  header: ClaimHeader,
): ClaimFile | undefined {
  for (const folder of folders) {
    try {
      if (openRuntimeFolder(folder, uid)) return createClaimFile(join(folder, key), own.run, header);
    } catch {
      // A full or read-only disk: the next one.
    }
  }
  return undefined;
}

// Which of several runs of a project goes on. Pure; needs no lock of the kernel, and no crash can jam it.
//
// Everyone writes its claim first and reads those of the others after that. So of any two the one that read last has
// seen the other: if that runs, it yields; if that is still choosing, the order decides, and the first of the two waits
// until the other, which may have read before it was there, runs or is gone. Hence never two, and of those that live on
// always one.

/** A living run of the same project. */
interface Rival {
  readonly identity: RunIdentity;
  readonly running: boolean;
}

type ClaimDecision<Other extends Rival> =
  | { readonly kind: 'run' }
  | { readonly kind: 'wait'; readonly for: Other }
  | { readonly kind: 'yield'; readonly to: Other };

export function decideClaim<Other extends Rival>(
  own: RunIdentity,
  rivals: readonly Other[],
): ClaimDecision<Other> {
  const running = rivals.find((rival) => rival.running);
  if (running !== undefined) return { kind: 'yield', to: running };
  const [first] = [...rivals].sort((a, b) => inOrder(a.identity, b.identity));
  if (first === undefined) return { kind: 'run' };
  return inOrder(first.identity, own) < 0 ? { kind: 'yield', to: first } : { kind: 'wait', for: first };
}

/** Who began earlier goes first. */
function inOrder(a: RunIdentity, b: RunIdentity): number {
  return a.startTicks - b.startTicks || a.pid - b.pid;
}
