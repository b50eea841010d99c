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

export interface Environ {
  /** What it was executed with, each entry ended by a NUL. */
  readonly text: string;
  /** False: it is being executed, and of what it is executed with nothing is shown yet. */
  readonly isWhole: boolean;
}

/** In most executions the next look or the one after it shows it; one that has to wait for a processor takes longer. */
const MOST_READS = 20;

/**
 * Throughout `execve` a process has an environment, but there are some 100 µs in which its file is empty: when the
 * old one has gone while the file was open, and until the new one is in its place. Undefined as in `readProcessFile`.
 */
export function readEnviron(pid: number): Environ | undefined {
  for (let reads = 1; ; reads++) {
    const text = readProcessFile(pid, 'environ');
    if (text === undefined) return undefined;
    if (text !== '' || isWithoutEnviron(pid)) return { text, isWhole: true };
    if (reads >= MOST_READS) return { text, isWhole: false };
  }
}

// Positions after the name, as in `process-stat.ts`.
const MEMORY = 20;
const CODE = 23;
const ENVIRON_START = 47;
const ENVIRON_END = 48;

/** It was executed with an empty one, or has ended and gave its memory back; or the system doesn't tell. */
function isWithoutEnviron(pid: number): boolean {
  const place = memoryPlaces(pid);
  if (place.memory === '0') return true;
  // It has code once all else of an execution is in its place. Some systems tell that of nobody.
  return place.code === '0' ? memoryPlaces(process.pid).code === '0' : place.start === place.end;
}

function memoryPlaces(pid: number): Record<'memory' | 'code' | 'start' | 'end', string> {
  const line = readProcessFile(pid, 'stat') ?? '';
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (position: number): string => fields[position] ?? '0';
  return {
    ...{ memory: field(MEMORY), code: field(CODE) },
    ...{ start: field(ENVIRON_START), end: field(ENVIRON_END) },
  };
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
