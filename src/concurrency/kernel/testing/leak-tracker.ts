/**
 * What was opened since some moment and is open still: tasks, waits, sleepers, scopes and clean-ups, by name. It keeps
 * nothing alive, and costs nothing while nobody asks.
 */
import { listRoots, type ScopeMember } from '../scope/member.ts';

/** One innermost piece of open work. */
interface Leaf {
  readonly member: ScopeMember;
  readonly trail: string;
}

/**
 * Compares what is open with what was open when it was made: for tests, at their end. It keeps nothing alive that it
 * looks at.
 */
export class LeakTracker {
  readonly #before = new WeakSet(leaves().map(({ member }) => member));

  /** The trails of what was opened since, as `openTasks` gives them: `group > worker > sleep 500 ms`. */
  open(): readonly string[] {
    return leaves()
      .filter(({ member }) => !this.#before.has(member))
      .map(({ trail }) => trail);
  }

  /** Throws an `Error` that lists them, if there are any. */
  assertNone(): void {
    const open = this.open();
    if (open.length > 0) throw new Error(`Still open: ${open.join('; ')}`);
  }
}

/**
 * The innermost open pieces of work, each with the trail that leads to it, such as
 * `group > worker > sleep 500 ms`. A task that is awaiting a foreign promise ends its trail.
 */
export function openTasks(): readonly string[] {
  return leaves().map(({ trail }) => trail);
}

function leaves(): readonly Leaf[] {
  const found: Leaf[] = [];
  for (const root of listRoots()) collect(root, '', found);
  return found;
}

function collect(member: ScopeMember, before: string, found: Leaf[]): void {
  const trail = before === '' ? member.label : `${before} > ${member.label}`;
  let isLeaf = true;
  for (const inner of member.inner) {
    isLeaf = false;
    collect(inner, trail, found);
  }
  if (isLeaf) found.push({ member, trail });
}
