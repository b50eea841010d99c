/**
 * Which processes above us hold our life: those between us and the runner of a package's script, and that runner.
 *
 * Only under a script runner (npm, pnpm, yarn: they name the script in the environment of what they execute) does the
 * end of a parent mean that nobody wants us any more: it neither passes on the signal that ends it nor hangs up a
 * terminal. Elsewhere a parent that ends may have left us running on purpose (`&`, nohup, disown). Whoever made a
 * session of its own below the runner has left it on purpose too.
 */
import { variableOf } from '../tree/members/instance-marker.ts';
import { readProcessFile } from '../tree/proc/process-file.ts';
import { readProcessStat } from '../tree/proc/process-stat.ts';

export interface Ancestor {
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
export function findRelative(pid: number): Relative | undefined {
  const stat = readProcessStat(pid);
  if (stat === undefined || stat.dead) return undefined;
  const environ = readProcessFile(pid, 'environ') ?? '';
  return { ...stat, inScript: variableOf(environ, SCRIPT) !== undefined };
}

/** What npm, pnpm and yarn set to the name of the script. */
export const SCRIPT = 'npm_lifecycle_event';
