/**
 * Runs a project's plan on the real system: outputs and ports put together, requests passed in, all closed at the end.
 */
import { type Queue, Queue as RequestQueue } from '../concurrency/index.ts';
import type { SuperviseOptions } from '../engine/run.ts';
import { type SupervisorRequest, supervise } from '../engine/supervise.ts';
import { Stamper } from '../events/stamper.ts';
import type { Project } from './load-project.ts';
import { type OutputOptions, openOutput, type RunOutput } from './open-output.ts';
import type { Ending, World } from './world.ts';

export interface RunOptions extends OutputOptions, SuperviseOptions {}

export async function superviseProject(world: World, project: Project, options: RunOptions): Promise<Ending> {
  world.prepare(project.graph.services.length);
  const requests: Queue<SupervisorRequest> = new RequestQueue(Number.POSITIVE_INFINITY);
  let output: RunOutput | undefined;
  const ask = (request: SupervisorRequest): void => {
    requests.tryPut(request);
    output?.hurry();
  };
  world.onSignal((signal) => ask({ kind: 'signal', signal }));
  world.onParentGone(() => ask({ kind: 'shutdown', cause: { kind: 'parent-gone' } }));
  const stamper = new Stamper(world.clock.now.bind(world.clock), world.wallTime);
  // A terminal that is closed also sends SIGHUP; which of the two is seen first is chance.
  const onReaderGone = (wasTerminal: boolean) =>
    ask(
      wasTerminal
        ? { kind: 'signal', signal: 'SIGHUP' }
        : { kind: 'shutdown', cause: { kind: 'output-closed' } },
    );
  output = await openOutput(world, project, options, stamper, onReaderGone);
  if (output === undefined) return { status: 2 };
  const system = world.openSystem();
  output.use(system);
  if (needsCommands(project)) void system.commands.warm();
  try {
    const { launcher, commands, network, files } = system;
    const outcome = await supervise(
      project.plan,
      {
        launcher,
        commands,
        network,
        files,
        stamper,
        clock: world.clock,
        random: world.random,
        environment: world.env,
        pid: world.pid,
        onEvent: output.onEvent,
        onLog: output.onLog,
        directLog: output.directLog,
      },
      requests,
      options,
    );
    return { status: outcome.status, raise: outcome.raise };
  } finally {
    await output.finish();
    system.dispose();
  }
}

/** A clean-up must not fail because our own files vanished meanwhile: what it needs is loaded at the start. */
function needsCommands({ graph }: Project): boolean {
  return graph.services
    .map(graph.spec)
    .some((spec) => spec.cleanup.length > 0 || spec.stop.command !== undefined);
}
