/**
 * A graph as a tree: at the left what nothing depends on, below each service what it waits for.
 *
 * What several services depend on is unfolded where it comes first; later it is marked with `*`. So the text grows
 * with the edges, not with the ways through the graph.
 */
import type { Edge } from '../config/types.ts';
import { printable } from '../events/printable.ts';
import { conditionWords, lossWords } from './edge-words.ts';
import type { Graph } from './graph.ts';

export function renderTree(graph: Graph): string {
  const unfolded = new Set<string>();
  const lines: string[] = [];
  for (const name of graph.services) {
    if (graph.dependents(name).length > 0) continue;
    lines.push(label(name));
    unfold(name, '');
  }
  return lines.map((line) => `${line}\n`).join('');

  function unfold(name: string, indent: string): void {
    unfolded.add(name);
    const edges = graph.dependencies(name);
    for (const [at, edge] of edges.entries()) {
      const isLast = at === edges.length - 1;
      const isRepeated = unfolded.has(edge.service) && graph.dependencies(edge.service).length > 0;
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
