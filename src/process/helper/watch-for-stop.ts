/**
 * Notices that a child of ours stands still: stopped by a signal or by a debugger (states T and t of proc(5)).
 *
 * Node tells the end of a child only, but the kernel says SIGCHLD for its stop too: then it is looked, and looked again a
 * moment later, since what is stopped for a moment needs no help. While nothing happens there is no timer.
 */
import { readProcessFile } from '../tree/proc/process-file.ts';

const LOOK_AFTER_MS = 100;

export interface StopWatch {
  /** Looks no more. Harmless when repeated. */
  end(): void;
}

/** `pidNow`: whom it is about now; `onStopped` is called once for each that stood still at two looks in a row. */
export function watchForStop(pidNow: () => number | undefined, onStopped: () => void): StopWatch {
  let timer: NodeJS.Timeout | undefined;
  let seen: number | undefined;
  let told: number | undefined;

  const look = (): void => {
    timer = undefined;
    const pid = pidNow();
    const stands = pid !== undefined && pid !== told && standsStill(pid);
    const again = stands && pid === seen;
    seen = stands ? pid : undefined;
    if (again) {
      told = pid;
      onStopped();
    } else if (stands) lookLater();
  };

  const lookLater = (): void => {
    timer ??= setTimeout(look, LOOK_AFTER_MS).unref();
  };

  process.on('SIGCHLD', lookLater);
  return {
    end() {
      process.removeListener('SIGCHLD', lookLater);
      clearTimeout(timer);
    },
  };
}

function standsStill(pid: number): boolean {
  try {
    const stat = readProcessFile(pid, 'stat') ?? '';
    // The state follows the name, which may hold anything.
    return /^\) [Tt] /.test(stat.slice(stat.lastIndexOf(')')));
  } catch (error) {
    // The system is out of descriptors or memory: another child's end brings another look.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}
