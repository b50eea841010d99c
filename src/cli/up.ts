/**
 * `orderly up`: runs the graph, or the named services with what they need, in the foreground.
 */

import type { Listener, ListenOptions } from './control/open-listener.ts';
import type { DetachOptions } from './join/detach.ts';
import { loadProject, type ProjectOptions, requireKnown } from './load-project.ts';
import { type RunOptions, superviseProject } from './supervise-project.ts';
import { type Ending, UsageError, type World } from './world.ts';

interface BackgroundOptions {
  readonly detach?: boolean | undefined;
  /** It was left in the background, and writes to this file. */
  readonly inBackground?: string | undefined;
}

/** Who waits for this one finds the other. */
const yieldTo = async (): Promise<Ending> => ({ status: 75 });

export async function up(
  world: World,
  names: readonly string[],
  given: ProjectOptions & RunOptions & DetachOptions & BackgroundOptions & ListenOptions,
): Promise<Ending> {
  const options = { ...given, listener: await listenerFor(world, given) };
  const load = (to: World) => loadProject(to, options, names);
  const again = async (to: World) => (await load(to))?.whole();
  const project = await load(world);
  if (project === undefined) return { status: 2 };
  requireKnown(project.config, options.only);
  const { exitCodeFrom } = options;
  if (exitCodeFrom !== undefined && !project.graph.services.includes(exitCodeFrom)) {
    throw new UsageError(
      `--exit-code-from names "${exitCodeFrom}", which is not among the services to start`,
    );
  }
  if (options.detach !== true && (options.timeout !== undefined || options.quiet === true))
    throw new UsageError('--timeout and --quiet are for "up -d", which waits until all is ready');
  if (options.detach === true && options.control === false)
    throw new UsageError(
      'What is left in the background can only be asked by its socket: leave out --no-control or -d',
    );
  if (options.inBackground !== undefined)
    return superviseProject(
      world,
      project.whole(),
      { ...options, isDetached: true },
      { again, join: yieldTo },
    );
  if (options.detach === true)
    return (await import('./join/detach.ts')).detach(world, project, world.argv, options);
  return superviseProject(world, project.whole(), options, {
    again,
    join: async (run) => (await import('./join/join-up.ts')).joinUp(world, project, run, options),
  });
}

/** Throws a `UsageError` if there can be none as it is asked for; undefined: none is. */
async function listenerFor(world: World, options: RunOptions & ListenOptions): Promise<Listener | undefined> {
  const { listen, tokenFile, control } = options;
  if (listen === undefined) {
    if (tokenFile === undefined) return undefined;
    throw new UsageError('--token-file is for --listen: name an address too, as in --listen 127.0.0.1:0');
  }
  if (control === false)
    throw new UsageError('--listen is for clients, and --no-control lets in none: leave out one of them');
  return (await import('./control/open-listener.ts')).listenerOf(world, options);
}
