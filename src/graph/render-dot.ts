/**
 * A graph in the DOT language of Graphviz. Arrows point from a service to what it depends on; dashed ones are
 * optional; the condition is written on an arrow unless it is `ready`, and what follows a loss; tasks have round corners.
 */
import type { Edge } from '../config/types.ts';
import { printable } from '../events/printable.ts';
import { conditionWords, lossWords } from './edge-words.ts';
import type { Graph } from './graph.ts';

export function renderDot(graph: Graph): string {
  const nodes = graph.services.map((name) =>
    graph.spec(name).type === 'task' ? `  ${quoted(name)} [style=rounded];` : `  ${quoted(name)};`,
  );
  const edges = graph.services.flatMap((name) =>
    graph
      .dependencies(name)
      .map((edge) => `  ${quoted(name)} -> ${quoted(edge.service)}${attributes(edge)};`),
  );
  return `${['digraph services {', '  node [shape=box];', ...nodes, ...edges, '}'].join('\n')}\n`;
}

function attributes(edge: Edge): string {
  const label = [...conditionWords(edge), ...lossWords(edge)].join(', ');
  const list = [...(label === '' ? [] : [`label="${label}"`]), ...(edge.optional ? ['style=dashed'] : [])];
  return list.length === 0 ? '' : ` [${list.join(', ')}]`;
}

/** A quote would end the text, and a backslash escape what comes after it. */
function quoted(name: string): string {
  return `"${printable(name).replace(/["\\]/g, '\\$&')}"`;
}
