/**
 * Sends a signal to a process, or to a group by its negative number, as far as there is one to take it.
 *
 * What we may not signal ourselves is signalled through a process of its user, where we may start one.
 */
import { constants } from 'node:os';
import { readProcessStat } from '../proc/process-stat.ts';
import { sendByUser } from './by-user.ts';
import { ownSignalRights } from './own-rights.ts';

export type Sending = 'sent' | 'nobody' | 'not-permitted';

/** Node knows no names of signals of real time: `SIGRTMIN+3` is 37 (signal(7)). */
function toNumber(signal: NodeJS.Signals | number): NodeJS.Signals | number {
  if (typeof signal === 'number') return signal;
  const [, offset] = /^SIGRTMIN(?:\+(\d+))?$/.exec(signal) ?? [signal];
  return signal.startsWith('SIGRTMIN') ? 34 + Number(offset ?? 0) : signal;
}

export function signalNumber(signal: NodeJS.Signals): number {
  const number = toNumber(signal);
  return typeof number === 'number' ? number : constants.signals[number];
}

/** Whether somebody was there to get it. Throws only for a signal that doesn't exist. */
export function sendSignal(pid: number, signal: NodeJS.Signals | number): Sending {
  return sendSignals(pid, [signal]);
}

/** One after the other, as far as the first is sent. */
export function sendSignals(pid: number, signals: readonly (NodeJS.Signals | number)[]): Sending {
  const sent = trySignals(pid, signals);
  return sent === 'not-permitted' && signals[0] !== 0 && sendByUser(pid, signals.map(toNumber))
    ? 'sent'
    : sent;
}

/** By ourselves alone. */
export function trySignals(pid: number, signals: readonly (NodeJS.Signals | number)[]): Sending {
  try {
    for (const signal of signals) process.kill(pid, toNumber(signal));
    return 'sent';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return 'nobody';
    if (code === 'EPERM') return 'not-permitted';
    throw error;
  }
}

/**
 * Asks a process, or a group by its negative number, to end, also one that is stopped (SIGSTOP, a debugger, Ctrl-Z).
 */
export function sendStop(pid: number, signal: NodeJS.Signals): void {
  sendSignals(pid, stopSignals(signal));
}

/**
 * A stopped process does nothing about a signal until it goes on, so it would cost its whole grace and then be killed.
 * As systemd does (systemd.kill(5)), SIGCONT follows at once; who runs doesn't notice.
 */
export function stopSignals(signal: NodeJS.Signals): readonly NodeJS.Signals[] {
  return KEEPS_STOPPED.has(signal) ? [signal] : [signal, 'SIGCONT'];
}

/** Who asks with one of these means it; and SIGKILL needs no help. */
const KEEPS_STOPPED: ReadonlySet<NodeJS.Signals> = new Set([
  'SIGSTOP',
  'SIGTSTP',
  'SIGTTIN',
  'SIGTTOU',
  'SIGCONT',
  'SIGKILL',
]);

/**
 * Signals a whole process group at once, so that nothing in it can fork away from us; and each of it that we may not
 * signal, through its user. kill(2) of a group is done when one of it could be signalled: of the others nothing is
 * said. `members`: who is in it, as far as is known; asked for only where the kernel may have passed over somebody.
 */
export function sendToGroup(
  leader: number,
  members: () => readonly { readonly pid: number }[],
  signals: readonly NodeJS.Signals[],
): void {
  const sent = trySignals(-leader, signals);
  if (sent === 'nobody' || (sent === 'sent' && ownSignalRights().maySignalAll)) return;
  for (const { pid } of members()) if (trySignals(pid, [0]) === 'not-permitted') sendSignals(pid, signals);
}

/** Whether the process that began at that tick lives. 0, where ticks aren't known: whether any has that pid. */
export function isSameProcessAlive(pid: number, startTicks: number): boolean {
  if (startTicks === 0) return trySignals(pid, [0]) !== 'nobody';
  const stat = readProcessStat(pid);
  return stat !== undefined && !stat.dead && stat.startTicks === startTicks;
}
