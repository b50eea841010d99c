/**
 * Notices that the script runner which started us is gone, or what stands between it and us. npm dies of SIGTERM
 * without passing it on, and of SIGKILL leaving its shell behind; we would run for ever.
 *
 * A poll, since there is no event for it without native code, and only under a script runner.
 */

import { variableOf } from '../tree/members/run-marks.ts';
import { readEnviron } from '../tree/proc/process-file.ts';
import { readProcessStat } from '../tree/proc/process-stat.ts';
import { isSameProcessAlive } from '../tree/signals/send-signal.ts';

const LOOK_EVERY_MS = 500;

/** Calls `onGone` once. The timer doesn't keep the program alive. */
export function watchParent(onGone: () => void): void {
  if (process.env[SCRIPT] === undefined) return;
  const parent = process.ppid;
  const ancestors = scriptAncestors(process.pid, findRelative);
  // In a session of its own nobody above holds its life, though who forked it may end only now.
  if (ancestors.length === 0 && findRelative(process.pid) !== undefined) return;
  const timer = setInterval(() => {
    const isThere =
      process.ppid === parent &&
      ancestors.every(({ pid, startTicks }) => isSameProcessAlive(pid, startTicks));
    if (isThere) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}

// Which processes above us hold our life: those between us and the runner of a package's script, and that runner.
//
// Only under a script runner (npm, pnpm, yarn: they name the script in the environment of what they execute) does the
// end of a parent mean that nobody wants us any more: it neither passes on the signal that ends it nor hangs up a
// terminal. Elsewhere a parent that ends may have left us running on purpose (`&`, nohup, disown). Whoever made a
// session of its own below the runner has left it on purpose too.

interface Ancestor {
  readonly pid: number;
  readonly startTicks: number;
}

/** One process as this rule sees it. */
export interface Relative extends Ancestor {
  readonly parent: number;
  readonly session: number;
  /** It was executed by a script runner, or by something that was. */
  readonly inScript: boolean;
}

/** `find` gives the process of a pid. Pure but for that. */
export function scriptAncestors(
  self: number,
  find: (pid: number) => Relative | undefined,
): readonly Ancestor[] {
  const found: Ancestor[] = [];
  const own = find(self);
  for (let below = own; below?.inScript === true; ) {
    const above = find(below.parent);
    if (above === undefined || above.pid <= 1 || above.session !== own?.session) break;
    found.push({ pid: above.pid, startTicks: above.startTicks });
    below = above;
  }
  return found;
}

/** A process as `/proc` shows it. */
function findRelative(pid: number): Relative | undefined {
  const stat = readProcessStat(pid);
  if (stat === undefined || stat.dead) return undefined;
  const environ = readEnviron(pid)?.text ?? '';
  return { ...stat, inScript: variableOf(environ, SCRIPT) !== undefined };
}

/** What npm, pnpm and yarn set to the name of the script. */
const SCRIPT = 'npm_lifecycle_event';
