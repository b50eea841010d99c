/**
 * A row of a table as a definition: its first cell is the term, and the others tell about it. Pure.
 */

/** What the columns behind the first are about stands in the head: a label before each, unless there is one alone, or it says nothing. */
export function tellCells(head: readonly string[], others: readonly string[]): readonly string[] {
  return others.flatMap((cell, at) => {
    if (cell === '') return [];
    const label = head[at + 1] ?? '';
    return others.length === 1 || label === '' || SAYS_NOTHING.has(label) ? [cell] : [`${label}: ${cell}`];
  });
}

const SAYS_NOTHING: ReadonlySet<string> = new Set(['meaning', 'does', 'is', 'what holds']);
