/**
 * A graph as text, for `orderly graph`: a tree for people, Mermaid and DOT for pictures, JSON for programs.
 */
import type { Edge } from '../config/types.ts';
import { jsonText } from '../events/printable.ts';
import type { Graph } from './graph.ts';
import { startWaves, stopWaves } from './plan.ts';
import { renderDot } from './render-dot.ts';
import { renderMermaid } from './render-mermaid.ts';
import { renderTree } from './render-tree.ts';

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
