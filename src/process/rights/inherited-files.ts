/**
 * The soft limit of open files that orderly was started with, as far as it can be known: Node raises its own to the hard
 * one before any of our code runs, and the kernel keeps no other. Pure.
 */
import type { OwnLimit } from './own-limits.ts';

/** What systemd gives, and kernels at the boot: programs that need more raise it, those that use select(2) need it. */
const USUAL_SOFT = 1_024;
/** The hard limit of a unit of systemd, whose soft one is the usual one (systemd.exec(5)). */
const UNIT_HARD = 524_288;

/** `parent`: the limit of our parent now; undefined: it isn't to be seen, as for PID 1. */
export function inheritedSoft(own: OwnLimit, parent: OwnLimit | undefined): number {
  if (parent === undefined) return Math.min(USUAL_SOFT, own.hard);
  // Who sets neither passes on his own.
  if (parent.hard === own.hard) return Math.min(parent.soft, own.hard);
  // Between him and us somebody has set both: `ulimit -n`, `LimitNOFILE=`.
  return own.hard === UNIT_HARD ? USUAL_SOFT : own.hard;
}
