/**
 * Removes what dead runs of other projects have left in the runtime folders of this user: claims, sockets, tokens,
 * folders.
 *
 * What is alive of a dead run is its own project's to remove: the claim that names it stays until then. So does, for a day,
 * what tells of a request that it died in; and all that can't be judged from here, as of another pid namespace.
 */
import { readdirSync, readFileSync, rmdirSync, statSync, unlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { findRunService } from '../tree/members/run-marks.ts';
import { readEnviron } from '../tree/proc/process-file.ts';
import { isSameProcessAlive } from '../tree/signals/send-signal.ts';
import { type Claim, parseClaim } from './claim.ts';
import { removeClaim } from './claim-file.ts';
import { projectKey } from './project-key.ts';
import { isOfClaim } from './read-claims.ts';
import { isOfEarlierBoot, isRunAlive, parseRunIdentity, pidNamespace, type RunIdentity } from './run-id.ts';
import { isPrivateFolder } from './runtime-folder.ts';

interface DeadClaim extends Claim {
  readonly path: string;
  readonly identity: RunIdentity;
}

const KEY = /^[0-9a-f]{16}$/;
/** So many processes are looked at before others have their turn. */
const SLICE = 50;

/** Whether the supervisor of a run has ended; false for what is the name of none, and where that can't be told. */
export function isDeadRun(run: string, own: RunIdentity): boolean {
  const identity = parseRunIdentity(run);
  if (identity === undefined || identity.run === own.run) return false;
  // Without /proc the number of a process says too little to take anything away.
  return (own.boot !== '' || process.platform !== 'linux') && !isRunAlive(identity, own);
}

/** Never rejects for what is or isn't there. */
export async function sweepFolders(folders: readonly string[], uid: number, own: RunIdentity): Promise<void> {
  const places = folders
    .filter((folder) => isPrivateFolder(folder, uid))
    .flatMap((folder) =>
      namesIn(folder)
        .filter((name) => KEY.test(name))
        .map((name) => join(folder, name)),
    );
  const dead = places.flatMap((place) => deadClaimsIn(place, own));
  if (dead.length === 0) return;
  const running = await secretsInUse(dead.map(({ secret }) => secret));
  for (const claim of dead) {
    if (running.has(claim.secret) || isAnyAlive(claim, own) || isToBeTold(claim)) continue;
    // Its project may have removed it meanwhile, which does no harm.
    removeClaim(claim.path);
  }
  for (const place of places) removeIfUnclaimed(place);
}

function deadClaimsIn(place: string, own: RunIdentity): readonly DeadClaim[] {
  return namesIn(place).flatMap((name) => {
    const identity = parseRunIdentity(name);
    if (identity === undefined || !isDeadRun(name, own)) return [];
    const path = join(place, name);
    const claim = parseClaim(readIfThere(path));
    const isHere =
      claim.header !== undefined && projectKey(claim.header.project, pidNamespace()) === basename(place);
    return isHere || isOfEarlierBoot(identity, own) ? [{ ...claim, path, identity }] : [];
  });
}

const TOLD_WITHIN_MS = 86_400_000;

/** The next run of its project tells in the middle of what it died. */
function isToBeTold({ requests, path }: DeadClaim): boolean {
  if (requests.length === 0) return false;
  try {
    return Date.now() - statSync(path).mtimeMs < TOLD_WITHIN_MS;
  } catch {
    return false; // Removed meanwhile.
  }
}

function isAnyAlive({ leases, identity }: DeadClaim, own: RunIdentity): boolean {
  return (
    !isOfEarlierBoot(identity, own) &&
    leases.some(({ pid, startTicks }) => isSameProcessAlive(pid, startTicks))
  );
}

/** Which of these runs have left a process that can be told by its environment. */
async function secretsInUse(secrets: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const pids = namesIn('/proc').filter((name) => Number(name) > 0);
  for (const [index, pid] of pids.entries()) {
    if (index % SLICE === 0) await setImmediate();
    const environ = tryToRead(Number(pid));
    for (const secret of secrets) if (findRunService(environ, secret) !== undefined) found.add(secret);
  }
  return found;
}

function tryToRead(pid: number): string {
  try {
    return readEnviron(pid)?.text ?? '';
  } catch (error) {
    // The system is out of descriptors or memory: the next run tidies up.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return '';
  }
}

/** Sockets without a claim beside them are served by nobody, and tokens let nobody in. */
function removeIfUnclaimed(place: string): void {
  const paths = namesIn(place).map((name) => join(place, name));
  try {
    if (!paths.every(isOfClaim)) return;
    for (const path of paths) unlinkSync(path);
    rmdirSync(place);
  } catch {
    // Somebody has come, or gone.
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // Not there.
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // Removed meanwhile.
  }
}
