/**
 * The limits of this process as the kernel tells them.
 */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Helper } from '../helper/helper.ts';
import { ownChild } from '../own-children.ts';
import { findTool } from './rights-tools.ts';

/** Infinity: none. */
export interface OwnLimit {
  readonly soft: number;
  readonly hard: number;
}

/** By the names of setrlimit in small letters. */
export type OwnLimits = Readonly<Record<string, OwnLimit>>;

/** The titles of /proc/self/limits. */
const TITLES: Readonly<Record<string, string>> = {
  'Max cpu time': 'cpu',
  'Max file size': 'fsize',
  'Max data size': 'data',
  'Max stack size': 'stack',
  'Max core file size': 'core',
  'Max processes': 'nproc',
  'Max open files': 'nofile',
  'Max locked memory': 'memlock',
  'Max address space': 'as',
  'Max pending signals': 'sigpending',
  'Max msgqueue size': 'msgqueue',
  'Max nice priority': 'nice',
  'Max realtime priority': 'rtprio',
  'Max realtime timeout': 'rttime',
};

/** None where there is no /proc. */
export function readOwnLimits(): OwnLimits {
  return readLimitsOf('self');
}

/** Of another process; none where they aren't to be seen. */
export function readLimitsOf(pid: number | 'self'): OwnLimits {
  try {
    return parseLimits(readFileSync(`/proc/${pid}/limits`, 'utf8'));
  } catch {
    // No /proc, or a part of it is hidden.
    return {};
  }
}

/** Pure. */
export function parseLimits(text: string): OwnLimits {
  const found: Record<string, OwnLimit> = {};
  for (const line of text.split('\n')) {
    const [, title = '', soft = '', hard = ''] =
      /^(\S.*?) {2,}(\d+|unlimited) +(\d+|unlimited)/.exec(line) ?? [];
    const name = TITLES[title];
    if (name !== undefined) found[name] = { soft: amount(soft), hard: amount(hard) };
  }
  return found;
}

function amount(text: string): number {
  return text === 'unlimited' ? Number.POSITIVE_INFINITY : Number(text);
}

// Gives services the soft limit of open files that orderly was started with, at no cost for each of them: they inherit
// orderly's own, which is lowered once, before the first spawn.
//
// Node can't set limits: that takes the helper, or `prlimit` of util-linux; and orderly must get by with it. What the helper
// spawns has it in any case; else they have what Node has raised it to, as before.

/** Streams, channel, log file, and a probe or a clean-up with its own. */
const FILES_PER_SERVICE = 8;
const FILES_FOR_ITSELF = 128;

/** Settles when it is done, or can't be done. Never rejects. */
export async function giveBackOpenFiles(
  services: number,
  helper?: Pick<Helper, 'limitFiles'>,
): Promise<void> {
  const own = readOwnLimits().nofile;
  if (own === undefined) return;
  const soft = inheritedSoft(own, readLimitsOf(process.ppid).nofile);
  const isEnough = soft >= FILES_FOR_ITSELF + services * FILES_PER_SERVICE;
  if (soft >= own.soft) return;
  helper?.limitFiles(soft, isEnough);
  if (helper !== undefined || !isEnough) return;
  const prlimit = findTool('prlimit', process.env.PATH);
  if (prlimit === undefined) return;
  await new Promise<void>((resolve) => {
    const options = { timeout: 2_000, killSignal: 'SIGKILL', env: {} } as const;
    const words = ['--pid', String(process.pid), `--nofile=${soft}:`];
    try {
      ownChild(execFile(prlimit, words, options, () => resolve()));
    } catch {
      // No memory for another process, or the like.
      resolve();
    }
  });
}

// The soft limit of open files that orderly was started with, as far as it can be known: Node raises its own to the hard
// one before any of our code runs, and the kernel keeps no other. Pure.

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
