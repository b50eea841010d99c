/**
 * Makes orphans of our services our own children, whatever they did to their session and environment (prctl(2)).
 *
 * It isn't inherited, and concerns only what is orphaned from then on. Who calls it has to reap them.
 */
import type { Native } from '../native.ts';

const PR_SET_CHILD_SUBREAPER = 36;

/** Whether it is so now. */
export function becomeSubreaper(native: Native): boolean {
  if (native.kind === 'missing' || process.platform !== 'linux') return false;
  const prctl = native.libc.func('int prctl(int option, ...)');
  return prctl(PR_SET_CHILD_SUBREAPER, 'unsigned long', 1) === 0;
}
