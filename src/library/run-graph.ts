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
import { type Plan, planRun } from '../graph/plan-run.ts';
import { isInteractive } from '../process/surroundings/signal-meaning.ts';
import { tellSurroundings } from '../process/surroundings/tell-surroundings.ts';
import { createCallCommands } from '../tasks/call-commands.ts';
import type { ServiceBook } from '../tasks/service-book.ts';
import { createTaskLauncher } from '../tasks/task-launcher.ts';
import { ConfigurationError } from './configuration-error.ts';
import { openOutput } from './open-output.ts';
import { type ProgramGraph, programGraph, type Supervisable } from './program-graph.ts';
import type { Readiness } from './readiness.ts';
import type { ReportBuilder, SupervisionReport } from './report.ts';
import { noProcesses, type ServiceSystem } from './service-system.ts';
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
  const graph = readDefinitions(services, options, { ...world, book: parts.book });
  const system = graph.hasProcesses ? await openProcesses(world.env) : noProcesses;
  const stopHearing = hearRequests(options, world, parts);
  const ports = portsOf(graph, system, world, parts.book);
  const output = openOutput(options, graph.config, world, {
    tell: (fact) => onEvent(ports.stamper.stamp(fact)),
    ask: parts.ask,
  });
  const onEvent: EventSink = (event) => {
    if (event.type === 'service.ready' && !graph.runs.has(event.service)) {
      parts.book.report(event.service, event.values);
    }
    parts.report.apply(event);
    parts.readiness.look(event, parts.report.status);
    output.onEvent(event);
  };
  try {
    const rightsOf = await lookAhead(graph, system);
    const engineOptions = { maxStarting: options.maxStarting, suggest: closest };
    const run = { ...ports, ...(rightsOf !== undefined && { rightsOf }), onEvent, onLog: output.onLog };
    return parts.report.finish(await runPlan(planOf(graph, world), run, parts.requests, engineOptions));
  } finally {
    await output.finish();
    await stopHearing();
    system.dispose();
  }
}

function readDefinitions(
  services: readonly Supervisable[],
  { name, budget, interruptGrace }: SuperviseOptions,
  around: ProgramSurroundings & { readonly book: ServiceBook },
): ProgramGraph {
  const program = programGraph(services, { ...around, name, budget, interruptGrace });
  if ('problems' in program) throw new ConfigurationError(program.problems);
  return program.graph;
}

async function openProcesses(env: ProgramSurroundings['env']): Promise<ServiceSystem> {
  const { openProcessSystem } = await import('./process-system.ts');
  return openProcessSystem(env);
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

/** Throws for what this machine can't do; gives as whom the processes run. */
async function lookAhead(
  { config, runs }: ProgramGraph,
  { preflight: world }: ServiceSystem,
): Promise<EnginePorts['rightsOf']> {
  if (world === undefined) return undefined;
  const { preflight } = await import('../preflight/preflight.ts');
  const processes = config.services.filter(({ name }) => !runs.has(name));
  const { rightsOf, problems, refusal } = await preflight(world, processes);
  const refused = refusal === undefined ? [] : [{ severity: 'error' as const, path: [], message: refusal }];
  if (problems.length + refused.length > 0) throw new ConfigurationError([...problems, ...refused]);
  return rightsOf;
}

function portsOf(
  { graph, runs, calls }: ProgramGraph,
  system: ServiceSystem,
  { pid, env, random, wallTime }: ProgramSurroundings,
  book: ServiceBook,
): Omit<EnginePorts, 'onEvent' | 'onLog'> {
  const clock = ambientClock();
  const valuesFor = createValuesFor(graph, book);
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
    pid,
  };
}

function planOf({ config, graph }: ProgramGraph, { pid, env, exists }: ProgramSurroundings): Plan {
  const { budgetMs: autoBudgetMs } = tellSurroundings({ isInit: pid === 1, env, exists });
  return planRun(config, graph, { autoBudgetMs, budgetMs: undefined });
}
