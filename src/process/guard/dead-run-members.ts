/**
 * Which living processes a dead run has left. Pure.
 *
 * Pids are given out again, so a number alone is no reason: what is found has a start that was written down, or
 * belongs to a session that was ours when the run was last alive, or carries its marker; or it descends from such a one.
 */
import type { ProcessStat } from '../tree/proc/process-stat.ts';
import type { Claim, Lease } from './claim.ts';

export interface Candidate extends ProcessStat {
  /** The service in the marker of the dead run, if it has one; empty for what serves the run. */
  readonly marked: string | undefined;
}

export interface Leftover {
  readonly pid: number;
  /** Its whole group goes with it. */
  readonly leadsGroup: boolean;
  /** Empty: a probe, a clean-up, or not known. */
  readonly service: string;
}

/** `candidates` are alive; `spared` are the pids that must live whatever they look like. */
export function findDeadRunMembers(
  candidates: readonly Candidate[],
  { leases, lastTicks }: Pick<Claim, 'leases' | 'lastTicks'>,
  spared: ReadonlySet<number>,
): readonly Leftover[] {
  const byPid = new Map(candidates.map((candidate) => [candidate.pid, candidate]));
  const leased = new Map(leases.map((lease) => [lease.pid, lease]));
  const found = new Map<number, Leftover>();
  for (const candidate of candidates) {
    const lease = leased.get(candidate.pid);
    const isLeader = lease !== undefined && isSame(lease, candidate);
    const service = isLeader
      ? lease.service
      : (candidate.marked ?? sessionService(candidate, leased, byPid, lastTicks));
    if (service === undefined) continue;
    found.set(candidate.pid, { pid: candidate.pid, leadsGroup: isLeader && lease.leadsGroup, service });
  }
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of candidates) {
      const above = found.get(parent);
      if (above !== undefined && !found.has(pid))
        found.set(pid, { pid, leadsGroup: false, service: above.service });
    }
  }
  return [...found.values()]
    .filter(({ pid }) => !spared.has(pid))
    .map((each) => sparing(each, byPid, spared));
}

/**
 * The service whose session it is in. While its leader lives, its number can be nobody else's. Without one the number
 * may have been given out again, and then nobody of it was there when the dead run last gave a sign of life.
 */
function sessionService(
  { session, startTicks }: Candidate,
  leased: ReadonlyMap<number, Lease>,
  byPid: ReadonlyMap<number, Candidate>,
  lastTicks: number,
): string | undefined {
  const lease = leased.get(session);
  if (lease === undefined || !lease.leadsGroup) return undefined;
  const holder = byPid.get(session);
  const isOurs =
    holder === undefined ? startTicks >= lease.startTicks && startTicks <= lastTicks : isSame(lease, holder);
  return isOurs ? lease.service : undefined;
}

/** A group with somebody in it who must live is not killed as one. */
function sparing(
  leftover: Leftover,
  byPid: ReadonlyMap<number, Candidate>,
  spared: ReadonlySet<number>,
): Leftover {
  const isShared = [...spared].some((pid) => byPid.get(pid)?.group === leftover.pid);
  return isShared ? { ...leftover, leadsGroup: false } : leftover;
}

/** Where starts aren't known nothing is ever the same. */
function isSame(lease: Lease, { pid, startTicks }: ProcessStat): boolean {
  return lease.pid === pid && lease.startTicks === startTicks && startTicks !== 0;
}
