/**
 * One run of a program's graph: what it needs of the outside is opened, the engine runs the plan, and all is closed.
 */
import type { Queue } from '../concurrency/index.ts';
import { messageOf } from '../concurrency/kernel/errors/thrown.ts';
import { ambientClock } from '../concurrency/kernel/scope/ambient.ts';
import { closest } from '../config/diagnostics/closest.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { supervise as runPlan, type SupervisorRequest } from '../engine/supervise.ts';
import type { EventSink, ShutdownCause } from '../events/event.ts';
import { Stamper } from '../events/stamper.ts';
import { isInteractive } from '../process/surroundings/signal-meaning.ts';
import { createCallCommands } from '../tasks/call-commands.ts';
import type { ServiceBook } from '../tasks/service-book.ts';
import { createTaskLauncher } from '../tasks/task-instance.ts';
import { Definitions } from './definitions.ts';
import { openGraphOutput } from './open-output.ts';
import type { Supervisable } from './program-graph.ts';
import type { Readiness } from './readiness.ts';
import type { ReportBuilder, SupervisionReport } from './report.ts';
import { type LazySystem, lazySystem } from './service-system.ts';
import type { SuperviseOptions } from './supervise-options.ts';
import { type ProgramSurroundings, programSurroundings } from './surroundings.ts';
import { createValuesFor } from './values-for.ts';

/** What a run shares with whoever asked for it. */
export interface RunParts {
  readonly requests: Queue<SupervisorRequest>;
  /** Asks it to go down. */
  readonly ask: (cause: ShutdownCause) => void;
  readonly book: ServiceBook;
  readonly report: ReportBuilder;
  readonly readiness: Readiness;
  /** Every name that there ever was in the graph. */
  readonly names: Set<string>;
  /** There once the graph runs. */
  definitions?: Definitions;
  /** A service of another graph runs it, which watches over what is the program's. */
  readonly isWithin: boolean;
}

/** Rejects with a `ConfigurationError` before anything is started, or for a bug. */
export async function runGraph(
  services: readonly Supervisable[],
  options: SuperviseOptions,
  parts: RunParts,
): Promise<SupervisionReport> {
  const world = programSurroundings();
  const { book, names } = parts;
  const system = lazySystem(async () => {
    const { openProcessSystem } = await import('./process-system.ts');
    return openProcessSystem(world.env);
  });
  const definitions = new Definitions({ world, options, book, names, openSystem: system.open });
  const { plan, config } = await definitions.read(services);
  const stopHearing = hearRequests(options, world, parts);
  const ports = portsOf(definitions, system, world, book);
  const output = openGraphOutput(options, config, world, {
    tell: (fact) => onEvent(ports.stamper.stamp(fact)),
    ask: parts.ask,
  });
  const isProcess = (name: string): boolean => definitions.graph.spec(name).command.kind !== 'call';
  const onEvent: EventSink = (event) => {
    if (event.type === 'service.ready' && isProcess(event.service)) book.report(event.service, event.values);
    parts.report.apply(event);
    parts.readiness.look(event, parts.report.status);
    output.onEvent(event);
  };
  parts.definitions = definitions;
  try {
    const engineOptions = { maxStarting: options.maxStarting, suggest: closest };
    const run = { ...ports, onEvent, onLog: output.onLog };
    return parts.report.finish(await runPlan(plan, run, parts.requests, engineOptions));
  } finally {
    await output.finish();
    await stopHearing();
    system.dispose();
  }
}

/** Signals, the end of stdout, and the `signal` that was given, until the function that it returns is called. */
function hearRequests(
  { signals = ['SIGTERM', 'SIGINT', 'SIGHUP'], signal: given }: SuperviseOptions,
  { listen, watchOutput, hasTerminal }: ProgramSurroundings,
  { requests, ask, isWithin }: RunParts,
): () => Promise<void> {
  const stopListening = listen(signals, (signal) => {
    requests.tryPut({ kind: 'signal', signal, interactive: isInteractive(signal, hasTerminal()) });
  });
  const stopWatching = isWithin ? undefined : watchOutput(() => ask({ kind: 'output-closed' }));
  const goDown = (): void => ask({ kind: 'down', reason: messageOf(given?.reason) });
  if (given?.aborted === true) goDown();
  else given?.addEventListener('abort', goDown);
  return async () => {
    await stopWatching?.();
    stopListening();
    given?.removeEventListener('abort', goDown);
  };
}

function portsOf(
  definitions: Definitions,
  system: LazySystem,
  { pid, env, random, wallTime }: ProgramSurroundings,
  book: ServiceBook,
): Omit<EnginePorts, 'onEvent' | 'onLog'> {
  const clock = ambientClock();
  const { runs, calls } = definitions;
  const valuesFor = createValuesFor(() => definitions.graph, book);
  return {
    launcher: createTaskLauncher({ runs, valuesFor, book, pid, processes: system.launcher }),
    leftovers: system.leftovers,
    commands: createCallCommands(calls, system.commands),
    network: system.network,
    files: system.files,
    clock,
    random,
    stamper: new Stamper(() => clock.now(), wallTime),
    environment: env,
    rightsOf: (spec) => definitions.rightsOf(spec),
    foresee: (spec) => system.foresee(spec),
    onSwitch: (plan) => definitions.use(plan),
    pid,
  };
}
