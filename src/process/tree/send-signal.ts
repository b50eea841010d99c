/**
 * Sends a signal to a process, or to a group by its negative number, as far as there is one to take it.
 *
 * What we may not signal ourselves is signalled through a process of its user, where we may start one.
 */
import { sendByUser } from './signal-by-user.ts';

export type Sending = 'sent' | 'nobody' | 'not-permitted';

/** Node knows no names of signals of real time: `SIGRTMIN+3` is 37 (signal(7)). */
function toNumber(signal: NodeJS.Signals | number): NodeJS.Signals | number {
  if (typeof signal === 'number') return signal;
  const [, offset] = /^SIGRTMIN(?:\+(\d+))?$/.exec(signal) ?? [signal];
  return signal.startsWith('SIGRTMIN') ? 34 + Number(offset ?? 0) : signal;
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
