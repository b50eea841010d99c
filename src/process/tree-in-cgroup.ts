/**
 * A tree whose processes are in a cgroup too: a kill reaches all of them at once, also those that no look has found.
 */
import type { ProcessTree } from './process-tree.ts';
import type { Cell } from './run-cgroup.ts';

/** Owns both. The cell is given back when nothing of the tree is alive. */
export function treeInCgroup(tree: ProcessTree, cell: Cell | undefined): ProcessTree {
  if (cell === undefined) return tree;
  let gone: Promise<void> | undefined;
  return {
    ...tree,
    kill() {
      // The tree first: it looks at who is there, and tells afterwards whether they are gone.
      tree.kill();
      cell.kill();
    },
    gone() {
      gone ??= tree.gone().then(() => cell.remove());
      return gone;
    },
  };
}
