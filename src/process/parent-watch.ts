/**
 * Notices that the program which started us is gone. npm dies of SIGTERM without passing it on; we are left to
 * another parent and would run for ever.
 *
 * A poll, since there is no event for it without native code: only for who asks for it.
 */
const LOOK_EVERY_MS = 500;

/** Calls `onGone` once. The timer doesn't keep the program alive. */
export function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, LOOK_EVERY_MS);
  timer.unref();
}
