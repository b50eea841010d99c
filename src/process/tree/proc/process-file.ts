/**
 * Reads what the kernel shows of one process in its folder of `/proc` (proc(5)).
 */
import { readFileSync } from 'node:fs';

const ENDED_OR_FOREIGN = new Set(['ENOENT', 'ESRCH', 'EACCES', 'EPERM']);

/** Undefined if the process has ended, or may not be looked at. Any other trouble throws: it says nothing about it. */
export function readProcessFile(
  pid: number,
  name: 'stat' | 'environ' | 'cgroup' | 'status',
): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch (error) {
    if (ENDED_OR_FOREIGN.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** The numbers of its real and its effective user; empty: it has ended, or isn't shown. */
export function readUsers(pid: number): readonly [] | readonly [real: number, effective: number] {
  const [, real, effective] = /^Uid:\s*(\d+)\s+(\d+)/m.exec(readProcessFile(pid, 'status') ?? '') ?? [];
  return real === undefined ? [] : [Number(real), Number(effective)];
}

/** The number of its real group; undefined: likewise. */
export function readGroup(pid: number): number | undefined {
  const gid = /^Gid:\s*(\d+)/m.exec(readProcessFile(pid, 'status') ?? '')?.[1];
  return gid === undefined ? undefined : Number(gid);
}

/** Whether the number is that of a whole process: threads have numbers too, by which `/proc` shows them (proc(5)). */
export function isWholeProcess(pid: number): boolean {
  return /^Tgid:\s*(\d+)/m.exec(readProcessFile(pid, 'status') ?? '')?.[1] === String(pid);
}

const LONGEST = 200;

/**
 * The command line, for people to read: arguments with spaces between them, cut to 200 characters; a process that hides
 * them is called `?`.
 */
export function readCommandLine(pid: number): string {
  return readText(`/proc/${pid}/cmdline`) || readText(`/proc/${pid}/comm`) || '?';
}

function readText(path: string): string {
  try {
    const text = readFileSync(path, 'utf8')
      .replace(/[\0\s]+/g, ' ')
      .trim();
    return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  } catch {
    // It ended meanwhile, or this system has no /proc.
    return '';
  }
}
