/**
 * `orderly up`: runs the graph, or the named services with what they need, in the foreground.
 */
import { loadProject, type ProjectOptions } from './load-project.ts';
import { type RunOptions, superviseProject } from './supervise-project.ts';
import { type Ending, UsageError, type World } from './world.ts';

export async function up(
  world: World,
  names: readonly string[],
  options: ProjectOptions & RunOptions,
): Promise<Ending> {
  const load = (to: World) => loadProject(to, options, names);
  const project = await load(world);
  if (project === undefined) return { status: 2 };
  const { exitCodeFrom } = options;
  if (exitCodeFrom !== undefined && !project.graph.services.includes(exitCodeFrom)) {
    throw new UsageError(
      `--exit-code-from names "${exitCodeFrom}", which is not among the services to start`,
    );
  }
  return superviseProject(world, project, options, load);
}
