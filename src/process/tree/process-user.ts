/**
 * Whose a process is, as `/proc/<pid>/status` tells everybody (proc(5)).
 */
import { readProcessFile } from './process-file.ts';

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
