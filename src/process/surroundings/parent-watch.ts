/**
 * Notices that the script runner which started us is gone, or what stands between it and us. npm dies of SIGTERM
 * without passing it on, and of SIGKILL leaving its shell behind; we would run for ever.
 *
 * A poll, since there is no event for it without native code, and only under a script runner.
 */
import { isSameProcessAlive } from '../tree/signals/same-process.ts';
import { findRelative, SCRIPT, scriptAncestors } from './ancestors.ts';

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
