/**
 * Asks a process, or a group by its negative number, to end, also one that is stopped (SIGSTOP, a debugger, Ctrl-Z).
 */
import { sendSignals } from './send-signal.ts';

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
