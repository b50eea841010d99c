/**
 * Runs the services of a program: functions and processes in one graph, on the engine of the command line.
 *
 * The graph lives as long as the call, and in its scope: cancelled, it goes down in order before the call ends. While it
 * lives it hears the signals that ask a program to end, and not after.
 */
import { ambientClock } from '../concurrency/ambient.ts';
import { isCancelled, Queue, shield, wait } from '../concurrency/index.ts';
import type { EnginePorts } from '../engine/ports.ts';
import { supervise as runPlan, type SupervisorRequest } from '../engine/supervise.ts';
import type { LogSink, OrderlyEvent, ShutdownCause } from '../events/event.ts';
import { Stamper } from '../events/stamper.ts';
import type { RunStatus } from '../events/status.ts';
import { planRun } from '../graph/plan-run.ts';
import type { StopSignal } from '../process/surroundings/stop-signal.ts';
import { createCallCommands } from '../tasks/call-commands.ts';
import { ServiceBook } from '../tasks/service-book.ts';
import { createTaskLauncher } from '../tasks/task-launcher.ts';
import { ConfigurationError } from './configuration-error.ts';
import type { Duration } from './definition.ts';
import { printLines } from './print-lines.ts';
import { type ProgramGraph, programGraph, type Supervisable } from './program-graph.ts';
import { createReadiness, type Readiness } from './readiness.ts';
import { ReportBuilder, SupervisionError, type SupervisionReport } from './report.ts';
import { noProcesses, type ServiceSystem } from './service-system.ts';
import { programSurroundings } from './surroundings.ts';
import { createValuesFor } from './values-for.ts';

/** How a graph is run. Everything may be left out. */
export interface SuperviseOptions {
  /** Of the whole, in events; by default the name of the working directory. */
  readonly name?: string;
  /** From the cause of a shutdown to its end, everything included; by default 28 s, or 9 s as PID 1 outside Kubernetes. */
  readonly budget?: Duration;
  /** The same after SIGINT, for the asking alone: clean-ups come on top; 2 s by default. */
  readonly interruptGrace?: Duration;
  /**
   * Which signals ask it to go down, while it runs; a second one ends the asking, a third one the clean-ups, and what comes
   * within 300 ms counts once. By default SIGTERM, SIGINT and SIGHUP; none: `[]`.
   */
  readonly signals?: readonly StopSignal[];
  /** Asks it to go down when it aborts, which is no error: it resolves as after `stop`. */
  readonly signal?: AbortSignal;
  /** Whether it rejects with a `SupervisionError` when something failed or was not stopped cleanly; true by default. */
  readonly raiseOnError?: boolean;
  /** How many services may be starting, and not yet ready, at the same time; no bound by default. */
  readonly maxStarting?: number;
  /** Takes every event, in order, as it happens; must not throw, and must not wait. */
  readonly onEvent?: (event: OrderlyEvent) => void;
  /** Takes what processes write; by default it is printed on stdout, each line after its service's name. */
  readonly onOutput?: LogSink;
}

/**
 * A graph that runs: a promise of its report, with means to look at it and to end it. Somebody must await it, as every
 * promise: a failure that nobody hears of is an unhandled rejection, unless `ready` told it or the graph was stopped.
 */
export interface Supervision extends Promise<SupervisionReport> {
  /**
   * Resolves when every service is ready, or over. If it goes down before that it rejects, when it is over, with the error
   * of the run, or one that tells the cause. It may be left alone.
   */
  readonly ready: Promise<void>;
  /** As of the last event; its maps change as it goes on. */
  readonly status: RunStatus;
  /**
   * Asks it to go down, and resolves when it has, also if something failed: that is told by the promise itself. Called
   * again, it waits for the same end. Cancelled, it stops waiting; the graph goes down all the same.
   */
  stop(reason?: string): Promise<void>;
}

/**
 * Starts the services, each when what it depends on is ready, and resolves with a report when everything has ended and been
 * cleaned up; to be asked to go down, by a signal too, is no error. Rejects with a `ConfigurationError` for services that
 * can't be, nothing having been started; and with a `SupervisionError` for what failed or did not stop cleanly, unless
 * `raiseOnError` is false.
 *
 * Cancelled, it asks the graph to go down, waits until it has, budget and clean-ups as ever, and then rejects with the
 * `CancelledError`; of failures until then only `onEvent` is told.
 */
export function supervise(services: readonly Supervisable[], options: SuperviseOptions = {}): Supervision {
  const requests = new Queue<SupervisorRequest>(Number.POSITIVE_INFINITY);
  const book = new ServiceBook();
  const report = new ReportBuilder(book);
  const readiness = createReadiness();
  const ask = (cause: ShutdownCause): void => void requests.tryPut({ kind: 'shutdown', cause });
  let end = (): void => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const ended = runServices(services, options, { requests, book, report, readiness, ask }).finally(end);
  // A failure that nobody is told of stays an unhandled rejection: not one of a graph that was stopped, or told by `ready`.
  const isHeard = (): void => void ended.catch(() => undefined);
  return Object.defineProperties(ended, {
    ready: {
      get() {
        readiness.ready.catch(isHeard);
        return readiness.ready;
      },
    },
    status: { get: () => report.status },
    stop: {
      value(reason?: string): Promise<void> {
        ask({ kind: 'down', ...(reason !== undefined && { reason }) });
        isHeard();
        return wait(over);
      },
    },
  }) as Supervision;
}

interface Parts {
  readonly requests: Queue<SupervisorRequest>;
  readonly book: ServiceBook;
  readonly report: ReportBuilder;
  readonly readiness: Readiness;
  readonly ask: (cause: ShutdownCause) => void;
}

async function runServices(
  services: readonly Supervisable[],
  options: SuperviseOptions,
  parts: Parts,
): Promise<SupervisionReport> {
  try {
    const report = await goingDownWhenCancelled(parts.ask, () => runGraph(services, options, parts));
    const failed = report.status === 1 || report.status === 3;
    if (failed && options.raiseOnError !== false) throw new SupervisionError(report);
    parts.readiness.end(new Error(`The services went down before all were ready: ${report.cause}`));
    return report;
  } catch (error) {
    parts.readiness.end(error);
    throw error;
  }
}

/** What runs is shielded: a cancellation asks it to go down, and waits for that. */
async function goingDownWhenCancelled<T>(
  ask: (cause: ShutdownCause) => void,
  run: () => Promise<T>,
): Promise<T> {
  let isOver = false;
  const running = shield(run).finally(() => {
    isOver = true;
  });
  try {
    return await wait(running);
  } catch (error) {
    if (isOver || !isCancelled(error)) throw error;
    ask({ kind: 'down', reason: error instanceof Error ? error.message : 'cancelled' });
    await running;
    throw error;
  }
}

async function runGraph(
  services: readonly Supervisable[],
  options: SuperviseOptions,
  { requests, book, report, readiness, ask }: Parts,
): Promise<SupervisionReport> {
  const world = programSurroundings();
  const { name, budget, interruptGrace } = options;
  const program = programGraph(services, { ...world, name, budget, interruptGrace, book });
  if ('problems' in program) throw new ConfigurationError(program.problems);
  const { graph } = program;
  const system = graph.hasProcesses ? await openProcesses(world.env) : noProcesses;
  const goDown = (): void => ask({ kind: 'down', reason: String(options.signal?.reason) });
  const stopListening = world.listen(options.signals ?? ['SIGTERM', 'SIGINT', 'SIGHUP'], (signal) => {
    requests.tryPut({ kind: 'signal', signal });
  });
  options.signal?.addEventListener('abort', goDown);
  if (options.signal?.aborted === true) goDown();
  const output = options.onOutput === undefined ? printLines(graph.config, world.print) : undefined;
  try {
    const rightsOf = await lookAhead(graph, system);
    const clock = ambientClock();
    const ports: EnginePorts = {
      ...system,
      launcher: createTaskLauncher({
        runs: graph.runs,
        valuesFor: createValuesFor(graph.graph, book),
        book,
        pid: world.pid,
        processes: system.launcher,
      }),
      commands: createCallCommands(graph.calls, system.commands),
      clock,
      random: world.random,
      stamper: new Stamper(() => clock.now(), world.wallTime),
      environment: world.env,
      ...(rightsOf !== undefined && { rightsOf }),
      pid: world.pid,
      onEvent(event) {
        if (event.type === 'service.ready' && !graph.runs.has(event.service)) {
          book.report(event.service, event.values);
        }
        report.apply(event);
        readiness.look(report.status);
        options.onEvent?.(event);
      },
      onLog: output?.onLog ?? options.onOutput ?? (() => undefined),
    };
    const surroundings = { pid1: world.pid === 1, kubernetes: 'KUBERNETES_SERVICE_HOST' in world.env };
    const plan = planRun(graph.config, graph.graph, { ...surroundings, budgetMs: undefined });
    const { maxStarting } = options;
    return report.finish(await runPlan(plan, ports, requests, { maxStarting }));
  } finally {
    options.signal?.removeEventListener('abort', goDown);
    stopListening();
    output?.end();
    system.dispose();
  }
}

async function openProcesses(env: Readonly<Record<string, string | undefined>>): Promise<ServiceSystem> {
  const { openProcessSystem } = await import('./process-system.ts');
  return openProcessSystem(env);
}

/** Throws for what this machine can't do; gives as whom the processes run. */
async function lookAhead(
  { config, runs }: ProgramGraph,
  { preflight: world }: ServiceSystem,
): Promise<EnginePorts['rightsOf']> {
  if (world === undefined) return undefined;
  const { preflight } = await import('../cli/preflight.ts');
  const processes = config.services.filter(({ name }) => !runs.has(name));
  const { rightsOf, problems, refusal } = await preflight(world, processes);
  const refused = refusal === undefined ? [] : [{ severity: 'error' as const, path: [], message: refusal }];
  if (problems.length + refused.length > 0) throw new ConfigurationError([...problems, ...refused]);
  return rightsOf;
}
