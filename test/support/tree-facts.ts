/**
 * Processes and trees as plain data, for the tests of the rule about whose a process is.
 */
import type { Facts, Tree } from '../../src/process/tree/members/membership.ts';

/** It leads a session of its own, and its start is its number. */
export function facts(pid: number, parent: number, more: Partial<Facts> = {}): Facts {
  return {
    ...{ pid, parent, group: pid, session: pid, startTicks: pid, dead: false },
    ...{ cell: undefined, mark: undefined, uid: undefined, isBelow: false },
    ...more,
  };
}

/** Of the instance `1/db`, whose leader is 10; we are 5. */
export function tree(more: Partial<Tree> = {}): Tree {
  return {
    ...{ pid: 10, startTicks: 10, running: true, groupLost: false },
    ...{ marker: '1/db', hasCell: false, adoptsAll: false, known: new Map() },
    ...more,
  };
}
