/**
 * Who of a tree is to be asked to end. Pure.
 *
 * Who was asked is not asked again, nor is what it has started since then: that may be its clean-up. When it is gone,
 * what it left is asked. `wasThere` tells who was there before anybody was asked.
 */
import type { Process } from './snapshot.ts';

export function dueToBeAsked(
  processes: readonly Process[],
  wasAsked: (process: Process) => boolean,
  wasThere: (process: Process) => boolean = () => false,
): readonly Process[] {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const verdicts = new Map<number, boolean>();
  /** Whether somebody above it that is alive was asked. */
  const isCaredFor = ({ pid, parent }: Process): boolean => {
    const known = verdicts.get(pid);
    if (known !== undefined) return known;
    // Of numbers that were given out again while it was looked there could be a circle.
    verdicts.set(pid, false);
    const above = byPid.get(parent);
    const verdict = above !== undefined && (wasAsked(above) || isCaredFor(above));
    verdicts.set(pid, verdict);
    return verdict;
  };
  return processes.filter((process) => !wasAsked(process) && (wasThere(process) || !isCaredFor(process)));
}
