/**
 * The limits of this process as the kernel tells them.
 */
import { readFileSync } from 'node:fs';

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
