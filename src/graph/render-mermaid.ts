/**
 * A graph as a Mermaid flowchart. Arrows point from a service to what it depends on; dotted ones are optional;
 * the condition is written on an arrow unless it is `ready`, and what follows a loss; tasks have round ends.
 */
import type { Edge } from '../config/types.ts';
import { printable } from '../events/printable.ts';
import { conditionWords, lossWords } from './edge-words.ts';
import type { Graph } from './graph.ts';

export function renderMermaid(graph: Graph): string {
  // Names can hold what Mermaid takes for syntax (`end`, a dot, a dash); numbers can't.
  const ids = new Map(graph.services.map((name, at) => [name, `s${at}`]));
  const nodes = graph.services.map((name) => {
    const [open, close] = graph.spec(name).type === 'task' ? ['([', '])'] : ['[', ']'];
    return `  ${ids.get(name)}${open}"${escaped(name)}"${close}`;
  });
  const edges = graph.services.flatMap((name) =>
    graph.dependencies(name).map((edge) => `  ${ids.get(name)} ${arrow(edge)} ${ids.get(edge.service)}`),
  );
  return `${['flowchart TD', ...nodes, ...edges].join('\n')}\n`;
}

function arrow(edge: Edge): string {
  const label = [...conditionWords(edge), ...lossWords(edge)].join(', ');
  return `${edge.optional ? '-.->' : '-->'}${label === '' ? '' : `|${label}|`}`;
}

/** Mermaid's entity codes: a number sign, a decimal code point, a semicolon. */
function escaped(name: string): string {
  return printable(name).replace(/[^\p{L}\p{N}._ -]/gu, (char) => `#${char.codePointAt(0)};`);
}
