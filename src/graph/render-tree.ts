/**
 * A graph as a tree: at the left what nothing depends on, below each service what it waits for.
 *
 * What several services depend on is unfolded where it comes first; later it is marked with `*`. So the text grows
 * with the edges, not with the ways through the graph. What would stand too far to the right is marked too, and has a tree
 * of its own.
 */
import type { Edge } from '../config/types.ts';
import { printable } from '../events/printable.ts';
import { conditionWords, lossWords } from './edge-words.ts';
import type { Graph } from './graph.ts';

const MOST_INDENTED = 150;

export function renderTree(graph: Graph): string {
  const unfolded = new Set<string>();
  const lines: string[] = [];
  const roots = graph.services.filter((name) => graph.dependents(name).length === 0);
  // What is too deep is added meanwhile.
  for (const name of roots) {
    lines.push(label(name));
    unfold(name, '');
  }
  return lines.map((line) => `${line}\n`).join('');

  function unfold(name: string, indent: string): void {
    unfolded.add(name);
    const edges = graph.dependencies(name);
    for (const [at, edge] of edges.entries()) {
      const isLast = at === edges.length - 1;
      const isTooDeep = indent.length >= MOST_INDENTED;
      const hasMore = graph.dependencies(edge.service).length > 0;
      const isRepeated = hasMore && (isTooDeep || unfolded.has(edge.service));
      if (isTooDeep && hasMore && !unfolded.has(edge.service)) {
        unfolded.add(edge.service);
        roots.push(edge.service);
      }
      const text = `${label(edge.service)}${edgeNote(edge)}${isRepeated ? ' *' : ''}`;
      lines.push(`${indent}${isLast ? '└─' : '├─'} ${text}`);
      if (!isRepeated) unfold(edge.service, `${indent}${isLast ? '   ' : '│  '}`);
    }
  }

  function label(name: string): string {
    return `${printable(name)}${graph.spec(name).type === 'task' ? ' (task)' : ''}`;
  }
}

function edgeNote(edge: Edge): string {
  const notes = [...conditionWords(edge), ...(edge.optional ? ['optional'] : []), ...lossWords(edge)];
  return notes.length === 0 ? '' : ` [${notes.join(', ')}]`;
}
