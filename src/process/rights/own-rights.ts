/**
 * What this process may give away: its user, its capabilities, its limits, as the kernel tells.
 */
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { type Capabilities, Capability, parseCapabilities } from '../tree/proc/capabilities.ts';
import { inheritedSoft, type OwnLimit, readLimitsOf, readOwnLimits } from './own-limits.ts';

export interface OwnRights {
  readonly uid: number;
  readonly gid: number;
  readonly mayChangeUser: boolean;
  readonly mayRaiseLimits: boolean;
  /** Signal processes of other users (CAP_KILL). */
  readonly maySignalOthers: boolean;
  /** See what processes of other users hold, and their environment (CAP_SYS_PTRACE). */
  readonly maySeeOthers: boolean;
  readonly niceness: number;
  /** The lowest niceness that it may give. */
  readonly lowestNiceness: number;
  /** By the names of setrlimit in small letters; Infinity: none. Empty where there is no /proc. */
  readonly limits: Readonly<Record<string, OwnLimit>>;
  /** The most files that even root may allow (fs.nr_open). */
  readonly mostFiles: number;
}

export function readOwnRights(): OwnRights {
  const uid = process.geteuid?.() ?? 0;
  const gid = process.getegid?.() ?? 0;
  const { has } = ownCapabilities(uid);
  const limits = readOwnLimits();
  const niceness = getPriority();
  const mostFiles = Number(readText('/proc/sys/fs/nr_open')) || Number.POSITIVE_INFINITY;
  return {
    uid,
    gid,
    mayChangeUser: has(Capability.setuid) && has(Capability.setgid),
    mayRaiseLimits: has(Capability.sysResource),
    maySignalOthers: has(Capability.kill),
    maySeeOthers: has(Capability.sysPtrace),
    niceness,
    // setpriority(2): down to 20 - RLIMIT_NICE without the capability.
    lowestNiceness: has(Capability.sysNice) ? -20 : Math.min(niceness, 20 - (limits.nice?.soft ?? 0)),
    limits: limits.nofile === undefined ? limits : { ...limits, nofile: givenBack(limits.nofile) },
    mostFiles,
  };
}

/** Services don't have what Node has made of the soft limit. */
function givenBack(own: OwnLimit): OwnLimit {
  return { ...own, soft: inheritedSoft(own, readLimitsOf(process.ppid).nofile) };
}

/** Without /proc: root may do everything, others nothing. */
function ownCapabilities(uid: number): Capabilities {
  const may = uid === 0;
  return parseCapabilities(readText('/proc/self/status'), 'CapEff') ?? { has: () => may };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // No /proc, or a part of it is hidden.
    return '';
  }
}
