/**
 * `orderly graph`: prints the graph.
 */
import { type GraphFormat, renderGraph } from '../graph/render-graph.ts';
import { loadProject, type ProjectOptions } from './load-project.ts';
import type { Ending, World } from './world.ts';

export async function graph(
  world: World,
  names: readonly string[],
  options: ProjectOptions & { readonly format: GraphFormat },
): Promise<Ending> {
  const project = await loadProject(world, options, names);
  if (project === undefined) return { status: 2 };
  world.print(`${renderGraph(project.graph, options.format).trimEnd()}\n`);
  return { status: 0 };
}
