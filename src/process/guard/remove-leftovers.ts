/**
 * Removes what a dead run of this project has left: kills it, and waits until it is gone. Only then its claim goes, too (`enter` of `run-guard.ts`).
 *
 * It isn't asked: the guardian would have killed it. What can't be removed is named, and its claim stays, so that the
 * next run tries again.
 */
import { readdirSync, readlinkSync } from 'node:fs';
import { describeSurvivor } from '../tree/describe-survivor.ts';
import { findRunService } from '../tree/members/run-marks.ts';
import { readEnviron } from '../tree/proc/process-file.ts';
import { readProcessStat } from '../tree/proc/process-stat.ts';
import { sendSignal } from '../tree/signals/send-signal.ts';
import { type Candidate, findDeadRunMembers, type Leftover } from './dead-run-members.ts';
import type { FoundClaim } from './read-claims.ts';

export interface Removed {
  readonly identity: FoundClaim['identity'];
  /** In the middle of which it died. */
  readonly requests: FoundClaim['requests'];
  readonly removed: readonly Leftover[];
  /** Alive still. */
  readonly left: readonly Leftover[];
  /** Why one of these may not even be signalled, a clause. */
  readonly why?: string | undefined;
}

export interface RemoveOptions {
  /** Kills everything in the cgroup and removes it; a promise is waited for. */
  readonly removeCgroup: (folder: string) => unknown;
  /** How long to wait for what was killed. */
  readonly limitMs?: number;
}

const LIMIT_MS = 5000;
const SHORTEST_PAUSE_MS = 2;
const LONGEST_PAUSE_MS = 50;

/** Never rejects for what is or isn't there. `sameBoot`: else nothing of it can be alive. */
export async function removeLeftovers(
  claim: FoundClaim,
  sameBoot: boolean,
  { removeCgroup, limitMs = LIMIT_MS }: RemoveOptions,
): Promise<Removed> {
  const { identity, requests } = claim;
  const removed = new Map<number, Leftover>();
  if (!sameBoot) return { identity, requests, removed: [], left: [] };
  if (claim.cgroup !== undefined) {
    // Looked at first, so that what goes with the cgroup is told of too.
    for (const each of look(claim)) removed.set(each.pid, each);
    await removeCgroup(claim.cgroup);
  }
  const giveUpMs = performance.now() + limitMs;
  for (let pauseMs = SHORTEST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const left = look(claim);
    if (left.length === 0 || performance.now() > giveUpMs) {
      const [why] = left.flatMap(({ pid, service }) => describeSurvivor(pid, service).why ?? []);
      const gone = [...removed.values()].filter(({ pid }) => !has(left, pid));
      return { identity, requests, removed: gone, left, why };
    }
    for (const each of left) {
      if (!removed.has(each.pid)) removed.set(each.pid, each);
      sendSignal(each.leadsGroup ? -each.pid : each.pid, 'SIGKILL');
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function look(claim: FoundClaim): readonly Leftover[] {
  const candidates: Candidate[] = [];
  for (const name of namesInProc()) {
    const pid = Number(name);
    const stat = pid > 0 ? readProcessStat(pid) : undefined;
    // What began before the dead run did can't be of it.
    if (stat === undefined || stat.dead || stat.startTicks < claim.identity.startTicks) continue;
    candidates.push({
      ...stat,
      marked: findRunService(readEnviron(pid)?.text ?? '', claim.secret),
    });
  }
  return findDeadRunMembers(candidates, claim, ourselvesAndAbove());
}

/** We may have been started by something that the dead run left: by a terminal of a service, say. */
function ourselvesAndAbove(): ReadonlySet<number> {
  const pids = new Set<number>();
  for (let pid = process.pid; pid > 0 && !pids.has(pid); pid = readProcessStat(pid)?.parent ?? 0)
    pids.add(pid);
  return pids;
}

/** In a pid namespace that hasn't mounted its own `/proc` the numbers there are those of others. */
function namesInProc(): readonly string[] {
  try {
    return readlinkSync('/proc/self') === String(process.pid) ? readdirSync('/proc') : [];
  } catch {
    // None: then there is nothing to find them by.
    return [];
  }
}

function has(leftovers: readonly Leftover[], pid: number): boolean {
  return leftovers.some((each) => each.pid === pid);
}
