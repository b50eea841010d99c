/**
 * Sends a signal to a process, or to a group by its negative number, as far as there is one to take it.
 */

/** Whether somebody was there to get it. Throws only for a signal that doesn't exist. */
export function sendSignal(
  pid: number,
  signal: NodeJS.Signals | number,
): 'sent' | 'nobody' | 'not-permitted' {
  try {
    process.kill(pid, signal);
    return 'sent';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return 'nobody';
    if (code === 'EPERM') return 'not-permitted';
    throw error;
  }
}
