/**
 * Ends what hooks have started, wherever it went: SIGKILL, again and again, to all that has their mark or their cgroup, and
 * to what descends from these. No service has any part in them, so they are neither asked nor waited for.
 */
import { isOfRun, isYounger, type RunReach } from './members/membership.ts';
import { OF_A_HOOK } from './members/run-marks.ts';
import type { Process, ProcessSnapshot } from './members/snapshot.ts';
import { sendSignal } from './signals/send-signal.ts';
import type { ProcessTable } from './table/table.ts';
import { createGoneWatch } from './until-gone.ts';

/** Resolves when nothing of them is alive, or when the time has passed. Never rejects. */
export async function endHooks(
  table: ProcessTable | undefined,
  reach: () => RunReach,
  withinMs: number,
): Promise<void> {
  if (table === undefined) return;
  const endMs = performance.now() + withinMs;
  const watch = createGoneWatch(async () => {
    const left = ofHooks(await table.next(), reach());
    for (const { pid } of left) sendSignal(pid, 'SIGKILL');
    return left.length === 0 || performance.now() >= endMs;
  });
  await watch.gone();
}

/** Pure. */
export function ofHooks({ byMarker, byParent }: ProcessSnapshot, reach: RunReach): readonly Process[] {
  const own = (byMarker.get(OF_A_HOOK) ?? []).filter((process) => isOfRun(process, reach));
  const found = new Map(own.map((process) => [process.pid, process]));
  // A map passes on what is added while it is walked.
  for (const [pid, { startTicks }] of found) {
    for (const child of byParent.get(pid) ?? [])
      if (!found.has(child.pid) && isYounger(child, startTicks)) found.set(child.pid, child);
  }
  return [...found.values()];
}
