/**
 * A graph as text, for `orderly graph`: a tree for people, Mermaid and DOT for pictures, JSON for programs.
 *
 * In pictures arrows point from a service to what it depends on. The condition is written on an arrow unless it is
 * `ready`, and what follows a loss.
 */
import { formatDuration } from '../config/duration.ts';
import type { Edge } from '../config/types.ts';
import { jsonText, printable } from '../events/printable.ts';
import { type Graph, startWaves, stopWaves } from './graph.ts';

export type GraphFormat = 'tree' | 'mermaid' | 'dot' | 'json';

/** Ends with a line feed, unless the graph is empty and the format a tree. */
export function renderGraph(graph: Graph, format: GraphFormat): string {
  switch (format) {
    case 'tree':
      return renderTree(graph);
    case 'mermaid':
      return renderMermaid(graph);
    case 'dot':
      return renderDot(graph);
    case 'json':
      return renderJson(graph);
  }
}

const MOST_INDENTED = 150;

/**
 * At the left what nothing depends on, below each service what it waits for.
 *
 * What several services depend on is unfolded where it comes first; later it is marked with `*`. So the text grows
 * with the edges, not with the ways through the graph. What would stand too far to the right is marked too, and has a
 * tree of its own.
 */
function renderTree(graph: Graph): string {
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

/** A flowchart. Dotted arrows are optional; tasks have round ends. */
function renderMermaid(graph: Graph): string {
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
  const label = labelOf(edge);
  return `${edge.optional ? '-.->' : '-->'}${label === '' ? '' : `|${label}|`}`;
}

/** Mermaid's entity codes: a number sign, a decimal code point, a semicolon. */
function escaped(name: string): string {
  return printable(name).replace(/[^\p{L}\p{N}._ -]/gu, (char) => `#${char.codePointAt(0)};`);
}

/** A digraph for Graphviz. Dashed arrows are optional; tasks have round corners. */
function renderDot(graph: Graph): string {
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
  const label = labelOf(edge);
  const list = [...(label === '' ? [] : [`label="${label}"`]), ...(edge.optional ? ['style=dashed'] : [])];
  return list.length === 0 ? '' : ` [${list.join(', ')}]`;
}

/** A quote would end the text, and a backslash escape what comes after it. */
function quoted(name: string): string {
  return `"${printable(name).replace(/["\\]/g, '\\$&')}"`;
}

function renderJson(graph: Graph): string {
  const services = graph.services.map((name) => {
    const { type, profiles } = graph.spec(name);
    return { name, type, profiles, depends_on: graph.dependencies(name).map(edgeJson) };
  });
  const document = { services, start_waves: startWaves(graph), stop_waves: stopWaves(graph) };
  return `${jsonText(document, 2)}\n`;
}

function edgeJson({ service, condition, optional, timeoutMs, onLoss }: Edge) {
  const loss = { on_loss: onLoss?.act ?? 'keep', after_ms: onLoss?.afterMs ?? 0 };
  return { service, condition, optional, timeout_ms: timeoutMs ?? null, ...loss };
}

/** What is written on an arrow: where the edge isn't what it is by default. */
function labelOf(edge: Edge): string {
  return [...conditionWords(edge), ...lossWords(edge)].join(', ');
}

/** The condition, unless it is `ready`. */
function conditionWords({ condition }: Edge): string[] {
  return condition === 'ready' ? [] : [condition];
}

/** What follows its loss, unless nothing does: `on loss: restart after 2s`. */
function lossWords({ onLoss }: Edge): string[] {
  if (onLoss === undefined) return [];
  const after = onLoss.afterMs > 0 ? ` after ${formatDuration(onLoss.afterMs)}` : '';
  return [`on loss: ${onLoss.act}${after}`];
}
