/**
 * What this process may give away: its user, its capabilities, its limits, as the kernel tells.
 */
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { inheritedSoft } from './inherited-files.ts';
import { type OwnLimit, readLimitsOf, readOwnLimits } from './own-limits.ts';

export interface OwnRights {
  readonly uid: number;
  readonly gid: number;
  readonly mayChangeUser: boolean;
  readonly mayRaiseLimits: boolean;
  readonly niceness: number;
  /** The lowest niceness that it may give. */
  readonly lowestNiceness: number;
  /** By the names of setrlimit in small letters; Infinity: none. Empty where there is no /proc. */
  readonly limits: Readonly<Record<string, OwnLimit>>;
  /** The most files that even root may allow (fs.nr_open). */
  readonly mostFiles: number;
}

/** Bits of `CapEff` (capabilities(7)). */
const CAP_SETGID = 6n;
const CAP_SETUID = 7n;
const CAP_SYS_NICE = 23n;
const CAP_SYS_RESOURCE = 24n;

export function readOwnRights(): OwnRights {
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  const has = readCapabilities(uid);
  const limits = readOwnLimits();
  const niceness = getPriority();
  const mostFiles = Number(readText('/proc/sys/fs/nr_open')) || Number.POSITIVE_INFINITY;
  return {
    uid,
    gid,
    mayChangeUser: has(CAP_SETUID) && has(CAP_SETGID),
    mayRaiseLimits: has(CAP_SYS_RESOURCE),
    niceness,
    // setpriority(2): down to 20 - RLIMIT_NICE without the capability.
    lowestNiceness: has(CAP_SYS_NICE) ? -20 : Math.min(niceness, 20 - (limits.nice?.soft ?? 0)),
    limits: limits.nofile === undefined ? limits : { ...limits, nofile: givenBack(limits.nofile) },
    mostFiles,
  };
}

/** Services don't have what Node has made of the soft limit. */
function givenBack(own: OwnLimit): OwnLimit {
  return { ...own, soft: inheritedSoft(own, readLimitsOf(process.ppid).nofile) };
}

/** Without /proc: root may do everything, others nothing. */
function readCapabilities(uid: number): (capability: bigint) => boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readText('/proc/self/status'))?.[1];
  if (effective === undefined) return () => uid === 0;
  const bits = BigInt(`0x${effective}`);
  return (capability) => ((bits >> capability) & 1n) === 1n;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // No /proc, or a part of it is hidden.
    return '';
  }
}
