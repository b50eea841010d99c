/**
 * Runs a project's plan on the real system: outputs and ports put together, requests passed in, all closed at the end.
 */
import { type Queue, Queue as RequestQueue } from '../concurrency/index.ts';
import type { SuperviseOptions } from '../engine/run.ts';
import { type SupervisorRequest, supervise } from '../engine/supervise.ts';
import { Stamper } from '../events/stamper.ts';
import type { Project } from './load-project.ts';
import { type OutputOptions, openOutput } from './open-output.ts';
import { UsageError } from './usage-error.ts';
import type { Ending, System, World } from './world.ts';

export interface RunOptions extends OutputOptions, SuperviseOptions {}

export async function superviseProject(world: World, project: Project, options: RunOptions): Promise<Ending> {
  world.prepare(project.graph.services.length);
  const requests: Queue<SupervisorRequest> = new RequestQueue(Number.POSITIVE_INFINITY);
  world.onSignal((signal) => requests.tryPut({ kind: 'signal', signal }));
  world.onParentGone(() => requests.tryPut({ kind: 'shutdown', cause: { kind: 'parent-gone' } }));
  const stamper = new Stamper(world.clock.now.bind(world.clock), world.wallTime);
  // A terminal that is closed also sends SIGHUP; which of the two is seen first is chance.
  const onReaderGone = (wasTerminal: boolean) =>
    void requests.tryPut(
      wasTerminal
        ? { kind: 'signal', signal: 'SIGHUP' }
        : { kind: 'shutdown', cause: { kind: 'output-closed' } },
    );
  const output = await openOutput(world, project, options, stamper, onReaderGone);
  let finished = false;
  const system = world.openSystem({
    cgroup: project.config.process.cgroup,
    note(text) {
      if (!finished) output.onEvent(stamper.stamp({ type: 'run.note', text }));
    },
  });
  if (needsCommands(project)) void system.commands.warm();
  try {
    requireCgroup(project, system);
    const { launcher, leftovers, commands, network, files } = system;
    const outcome = await supervise(
      project.plan,
      {
        launcher,
        leftovers,
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
      },
      requests,
      options,
    );
    return { status: outcome.status, raise: outcome.raise };
  } finally {
    finished = true;
    await output.finish();
    await system.dispose();
  }
}

function requireCgroup({ config }: Project, { cgroup }: System): void {
  if (config.process.cgroup !== 'require' || cgroup.kind === 'made') return;
  const setting = '"process.cgroup: require"';
  const remedy = 'run where cgroup v2 can be written to, or let it be "auto"';
  throw new UsageError(
    `Cannot keep the services in cgroups, which ${setting} asks for: ${cgroup.why}; ${remedy}`,
  );
}

/** A clean-up must not fail because our own files vanished meanwhile: what it needs is loaded at the start. */
function needsCommands({ graph }: Project): boolean {
  return graph.services
    .map(graph.spec)
    .some((spec) => spec.cleanup.length > 0 || spec.stop.command !== undefined);
}
