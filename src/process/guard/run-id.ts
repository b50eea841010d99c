/**
 * The name of one run of this program, which no other run on this machine ever has.
 *
 * It is what its services carry in their environment, and its claim is called so: pid, start and boot together tell
 * from the name alone whether that run is still alive, however it ended.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { readProcessStat } from '../tree/proc/process-stat.ts';
import { isSameProcessAlive } from '../tree/signals/send-signal.ts';

export interface RunIdentity {
  /** The whole name. */
  readonly run: string;
  readonly pid: number;
  /** 0: this system doesn't tell. */
  readonly startTicks: number;
  /** Empty: this system doesn't tell. */
  readonly boot: string;
}

/** `pid-start-boot-chance`. It begins with the pid, so that a person can tell whose it is. */
export function createRunIdentity(): RunIdentity {
  const { pid } = process;
  const startTicks = readProcessStat(pid)?.startTicks ?? 0;
  const boot = readBoot();
  const chance = Math.random().toString(36).slice(2, 10);
  return { run: `${pid}-${startTicks}-${boot}-${chance}`, pid, startTicks, boot };
}

/** Undefined: that is no name of a run. */
export function parseRunIdentity(run: string): RunIdentity | undefined {
  const match = /^([1-9]\d*)-(\d+)-([0-9a-f]*)-[0-9a-z]+$/.exec(run);
  if (match === null) return undefined;
  const [, pid, startTicks, boot = ''] = match;
  return { run, pid: Number(pid), startTicks: Number(startTicks), boot };
}

/** It ended with that boot. Where one of the two doesn't know its boot (no `/proc`), that can't be told, and isn't so. */
export function isOfEarlierBoot({ boot }: RunIdentity, own: RunIdentity): boolean {
  return boot !== '' && own.boot !== '' && boot !== own.boot;
}

/** Whether the supervisor of that run lives; where `/proc` can't be read: whether there is a process of its number. */
export function isRunAlive(identity: RunIdentity, own: RunIdentity): boolean {
  if (isOfEarlierBoot(identity, own)) return false;
  return isSameProcessAlive(identity.pid, own.boot === '' ? 0 : identity.startTicks);
}

/** The kernel makes a new one with every boot (random(4)); ticks and pids mean something within one only. */
function readBoot(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').slice(0, 8);
  } catch {
    // No Linux, or no /proc.
    return '';
  }
}

/** Empty where the system doesn't tell. */
export function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    // No Linux, or no /proc.
    return '';
  }
}
