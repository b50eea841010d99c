/**
 * Gives an instance that ended by itself the orphans that can only be of it: what it started in the background, and
 * that can't be told by anything else. From then on they are of its tree, and asked and killed with it.
 */
import { readFileSync } from 'node:fs';
import { isOwnChild } from '../orphans/own-children.ts';
import { findStrays } from './find-strays.ts';
import type { ProcessTable } from './process-table.ts';
import type { ProcessTree } from './process-tree.ts';

/** Of proc(5), on every system that Node runs on. */
const TICKS_PER_SECOND = 100;
/** The two clocks are read one after the other. */
const SLACK_TICKS = 5;

/** `upMs`: how long it ran. Never rejects. */
export async function claimStrays(
  tree: Pick<ProcessTree, 'claim'>,
  { table, adopter }: { readonly table: ProcessTable | undefined; readonly adopter: number | 'nobody' },
  upMs: number,
): Promise<void> {
  const nowTicks = table === undefined || adopter === 'nobody' ? undefined : readUptime();
  if (table === undefined || nowTicks === undefined) return;
  const bornFrom = nowTicks - (upMs / 1000) * TICKS_PER_SECOND - SLACK_TICKS;
  tree.claim(findStrays(await table.next(), { adopter, isOwnChild, bornFrom }));
}

function readUptime(): number | undefined {
  try {
    return Number.parseFloat(readFileSync('/proc/uptime', 'latin1')) * TICKS_PER_SECOND;
  } catch {
    // No /proc.
    return undefined;
  }
}
