/**
 * An instance that is a function of this program: it is asked by one abort signal and killed by the cancellation of its
 * scope, in which it runs.
 *
 * A function can't be killed as a process can: one that awaits what doesn't obey goes on, and is a survivor. The scope is
 * a shield, so that nothing but its own kill ends it.
 */
import { AsyncResource } from 'node:async_hooks';
import { CancelScope, checkpoint } from '../concurrency/index.ts';
import { errorText, messageOf } from '../concurrency/kernel/errors/thrown.ts';
import type { CallExit, Exit } from '../events/fact-shape.ts';
import type { Instance, Launcher, LaunchRequest, ReadyCommand } from '../process/ports.ts';
import { inPlace } from './place.ts';
import { isShutdownRequest, type RunContext, ShutdownRequest, type ValuesOf } from './run-context.ts';
import { type Reported, type ServiceBook, textsOf } from './service-book.ts';

/** What a service does; its value is dropped. */
export type ServiceRun = (context: RunContext) => unknown;

export interface TaskParts {
  readonly run: ServiceRun;
  readonly values: ValuesOf;
  readonly book: ServiceBook;
  /** Of this program. */
  readonly pid: number;
}

const settled = Promise.resolve();

/** Begins soon: the start is told before its first line. */
export function startTask(request: LaunchRequest, { run, values, book, pid }: TaskParts): Instance {
  const { service, attempt } = request;
  const asked = new AbortController();
  const scope = new CancelScope({ shield: true, name: service });
  let isOver = false;
  let hasStarted = false;
  /** Calls in the surroundings of the task: what listens to its signals is its own code. */
  let inside = (fn: () => void): void => fn();

  function started(reported: Reported = {}): void {
    if (hasStarted) throw new Error(`"${service}" has called started() before: it is ready once`);
    hasStarted = true;
    if (isOver) return;
    book.report(service, reported);
    request.onNotification({ kind: 'ready', values: textsOf(reported) });
  }

  function status(text: string, numbers: Readonly<Record<string, number>> = {}): void {
    if (isOver) return;
    const said = messageOf(text);
    book.say(service, said, numbers);
    request.onNotification({ kind: 'status', text: said });
  }

  const context: RunContext = {
    name: service,
    attempt,
    started,
    values,
    shutdown: asked.signal,
    signal: scope.signal,
    heartbeat: () => isOver || request.onNotification({ kind: 'heartbeat' }),
    status,
  };

  async function runToEnd(): Promise<CallExit> {
    const outcome = await scope.run(async () => {
      await checkpoint();
      await inPlace({ service, book, shutdown: asked.signal }, () => {
        inside = AsyncResource.bind((fn: () => void) => fn());
        return run(context);
      });
      return 'returned' as const;
    });
    return { kind: 'call', outcome: outcome ?? 'cancelled' };
  }

  function endOf(error: unknown): CallExit {
    if (asked.signal.aborted && isShutdownRequest(error)) return { kind: 'call', outcome: 'returned' };
    book.threw(service, error);
    return { kind: 'call', outcome: 'threw', error: errorText(error) };
  }

  book.begin(service, attempt);
  const exited: Promise<Exit> = runToEnd()
    .catch(endOf)
    .then((exit) => {
      isOver = true;
      request.onNotification({ kind: 'closed' });
      return exit;
    });
  const gone = exited.then(() => undefined);
  return {
    pid,
    exited,
    outputEnded: settled,
    outputOpen: false,
    outputHeldAgoMs: () => Number.POSITIVE_INFINITY,
    sendShutdown: () => false,
    ask: () => inside(() => asked.abort(new ShutdownRequest(service))),
    askRest: () => undefined,
    kill: () => inside(() => scope.cancel('its grace is over')),
    treeGone: () => gone,
    survivors: async () => (isOver ? [] : [{ service, pid, command: `a function of this program` }]),
    ownerOf: async () => ({ kind: 'unknown' }),
    dispose: () => undefined,
  };
}

// Launches what is a function in this program, and leaves processes to another launcher.

interface TaskLauncherOptions {
  /** The functions by the very objects that stand for them. */
  readonly runs: { get(command: ReadyCommand): ServiceRun | undefined };
  /** What a service may ask of others. */
  readonly valuesFor: (service: string) => ValuesOf;
  readonly book: ServiceBook;
  readonly pid: number;
  readonly processes: Launcher;
}

export function createTaskLauncher(options: TaskLauncherOptions): Launcher {
  const { runs, valuesFor, book, pid, processes } = options;
  return {
    async launch(request) {
      const { service, command } = request;
      if (command.kind !== 'call') return processes.launch(request);
      const run = runs.get(command);
      if (run === undefined) throw new Error(`there is no function for "${service}"`);
      if (!request.mayStart()) return { kind: 'called-off' };
      return {
        kind: 'launched',
        instance: startTask(request, { run, values: valuesFor(service), book, pid }),
      };
    },
  };
}
