/**
 * The children of this process that it didn't start: orphans that it adopted, as PID 1 or as a subreaper.
 */
import { readdirSync } from 'node:fs';
import { childrenOf } from '../tree/children-of.ts';
import { readProcessFile } from '../tree/process-file.ts';
import { type ProcessStat, parseProcessStat } from '../tree/process-stat.ts';
import { isOwnChild } from './own-children.ts';

/** Their pids, the dead ones that nobody has reaped included. Throws if the system has nothing left to look with. */
export function foreignChildren(): readonly number[] {
  return (childrenOf('self') ?? scanForChildren()).filter((pid) => !isOwnChild(pid));
}

/** It has ended, and waits to be reaped. */
export function isZombie(pid: number): boolean {
  return readStat(pid)?.dead === true;
}

/** Where the kernel doesn't list them. */
function scanForChildren(): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && readStat(pid)?.parent === process.pid);
}

function readStat(pid: number): ProcessStat | undefined {
  const line = readProcessFile(pid, 'stat');
  return line === undefined ? undefined : parseProcessStat(pid, line);
}
