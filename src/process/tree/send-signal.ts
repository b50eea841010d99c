/**
 * Sends a signal to a process, or to a group by its negative number, as far as there is one to take it.
 */

/** Node knows no names of signals of real time: `SIGRTMIN+3` is 37 (signal(7)). */
function realTimeNumber(signal: NodeJS.Signals): NodeJS.Signals | number {
  const [, offset] = /^SIGRTMIN(?:\+(\d+))?$/.exec(signal) ?? [signal];
  return signal.startsWith('SIGRTMIN') ? 34 + Number(offset ?? 0) : signal;
}

/** Whether somebody was there to get it. Throws only for a signal that doesn't exist. */
export function sendSignal(pid: number, signal: NodeJS.Signals | 0): 'sent' | 'nobody' | 'not-permitted' {
  try {
    process.kill(pid, signal === 0 ? 0 : realTimeNumber(signal));
    return 'sent';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return 'nobody';
    if (code === 'EPERM') return 'not-permitted';
    throw error;
  }
}
