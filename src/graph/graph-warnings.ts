/**
 * What is allowed but doesn't do what it seems to say, for `check`.
 */
import type { Problem } from '../config/diagnostics/problem.ts';
import type { Edge, ServiceConfig } from '../config/types.ts';
import { edgePath } from './dependency-problems.ts';
import type { Graph } from './graph.ts';

/** In the order of the file. */
export function graphWarnings(graph: Graph): readonly Problem[] {
  return graph.services.flatMap((name) => [
    ...graph.dependencies(name).flatMap((edge) => edgeWarnings(graph, name, edge)),
    ...profileWarnings(graph, name),
    ...healthWarnings(graph.spec(name)),
  ]);
}

function edgeWarnings(graph: Graph, dependent: string, edge: Edge): readonly Problem[] {
  const { type, restart, ready } = graph.spec(edge.service);
  const warning = { severity: 'warning', path: edgePath(dependent, edge.service), atKey: true } as const;
  const forSuccess = edge.condition === 'completed' || (edge.condition === 'ready' && type === 'task');
  if (forSuccess && restart.policy === 'always') {
    const message = `"${dependent}" waits for "${edge.service}" to complete, but "${edge.service}" is always restarted and never completes`;
    return [{ ...warning, message, hint: `Give "${edge.service}" the restart policy on-failure or no.` }];
  }
  if (edge.condition === 'exited' && restart.policy === 'always' && restart.max === 0) {
    const message = `"${dependent}" waits for "${edge.service}" to have ended, but "${edge.service}" is restarted without limit and never completes`;
    return [
      { ...warning, message, hint: `Give "${edge.service}" another restart policy, or \`max\` a limit.` },
    ];
  }
  if (edge.condition === 'ready' && type === 'service' && ready === undefined) {
    const message = `"${dependent}" waits for "${edge.service}" to be ready, but "${edge.service}" has no readiness condition and counts as ready once it is spawned`;
    return [
      { ...warning, message, hint: `Give "${edge.service}" a \`ready\`, or say \`condition: started\`.` },
    ];
  }
  return [];
}

/** A profile holds nothing back when a service that always starts needs the one that has it. */
function profileWarnings(graph: Graph, name: string): readonly Problem[] {
  if (graph.spec(name).profiles.length === 0) return [];
  const needing = graph
    .dependents(name)
    .find(({ service, edge }) => !edge.optional && graph.spec(service).profiles.length === 0);
  if (needing === undefined) return [];
  return [
    {
      severity: 'warning',
      message: `The profiles of "${name}" have no effect: "${needing.service}" has none and needs it`,
      path: ['services', name, 'profiles'],
      hint: `Give "${needing.service}" the same profiles, or make the dependency optional.`,
    },
  ];
}

/** "restart" stops what is unhealthy; that it is started again is said by another key. */
function healthWarnings({ name, health, restart }: ServiceConfig): readonly Problem[] {
  if (health?.onFailure !== 'restart' || restart.policy !== 'no') return [];
  return [
    {
      severity: 'warning',
      message: `"${name}" is never restarted: when its health fails it is stopped, and has failed for good`,
      path: ['services', name, 'health'],
      atKey: true,
      hint: `Give "${name}" the restart policy on-failure, or say \`on_failure: report\` or \`shutdown\` in its \`health\`.`,
    },
  ];
}
