/**
 * Limits as the arguments of prlimit, or as a script of `ulimit` where there is no prlimit. Pure.
 */
import { type DecidedLimit, shown } from './decide-limits.ts';

/** `--nofile=1024:4096`, in the units of setrlimit. */
export function prlimitArguments(limits: readonly DecidedLimit[]): readonly string[] {
  return limits.map(({ name, soft, hard }) => `--${name}=${half(soft)}:${half(hard)}`);
}

function half(limit: number | undefined): string {
  return limit === undefined ? '' : shown(limit);
}

/** The letter and the unit in bytes, where the shells agree (POSIX mode of bash, dash, busybox). */
const OPTIONS: Readonly<Record<string, readonly [letter: string, unit: number]>> = {
  as: ['v', 1024],
  core: ['c', 512],
  cpu: ['t', 1],
  data: ['d', 1024],
  fsize: ['f', 512],
  memlock: ['l', 1024],
  nofile: ['n', 1],
  stack: ['s', 1024],
};

/** Whether a shell can do it. */
export function hasUlimit({ name }: Pick<DecidedLimit, 'name'>): boolean {
  return name === 'nproc' || name in OPTIONS;
}

/** A script that sets them, and ends at the first that can't be set. */
export function ulimitScript(limits: readonly DecidedLimit[]): string {
  return limits.flatMap(commandsFor).join(' && ');
}

function commandsFor({ name, soft, hard, hardFirst }: DecidedLimit): readonly string[] {
  const set = (kind: string, limit: number | undefined) =>
    limit === undefined ? [] : [ulimit(name, kind, limit)];
  if (soft === hard) return set('', soft);
  const [first, second] = [set('-S ', soft), set('-H ', hard)];
  return hardFirst ? [...second, ...first] : [...first, ...second];
}

function ulimit(name: string, kind: string, limit: number): string {
  const [letter, unit] = OPTIONS[name] ?? ['u', 1];
  const amount = limit === Number.POSITIVE_INFINITY ? 'unlimited' : String(Math.floor(limit / unit));
  // bash says -u, dash and busybox say -p, which in bash is something else.
  return name === 'nproc'
    ? `{ ulimit ${kind}-u ${amount} 2>/dev/null || ulimit ${kind}-p ${amount}; }`
    : `ulimit ${kind}-${letter} ${amount}`;
}
