/** The node of a scope that a user made. */

import { checkTime } from '../checks/check-time.ts';
import { CancelNode } from './cancel-node.ts';

interface NodeOptions {
  readonly deadline?: number | undefined;
  readonly shield?: boolean | undefined;
  readonly name?: string | undefined;
  readonly forgivesStalls?: boolean | undefined;
}

/** A node that has not been entered; throws a `RangeError` for a NaN deadline. */
export function scopeNode(options: NodeOptions): CancelNode {
  const { name = 'scope', shield = false, forgivesStalls = false } = options;
  const node = new CancelNode(name, { shield, forgivesStalls });
  node.deadline = checkTime(options.deadline ?? Number.POSITIVE_INFINITY, 'a deadline');
  return node;
}
