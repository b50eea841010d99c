/**
 * A tree of processes that are given, as far as a look at them goes.
 */
import type { ProcessTree } from '../../src/process/tree/process-tree.ts';

export function treeOf(pids: () => readonly number[], gone = Promise.resolve()): ProcessTree {
  return { alive: async () => pids(), gone: () => gone } as Partial<ProcessTree> as ProcessTree;
}
