/**
 * Runs the services of a program: functions and processes in one graph, on the engine of the command line.
 *
 * The graph lives as long as the call, and in its scope: cancelled, it goes down in order before the call ends. While it
 * lives it hears the signals that ask a program to end, and not after.
 */
import { isCancelled, Queue, shield, wait } from '../concurrency/index.ts';
import type { SupervisorRequest } from '../engine/supervise.ts';
import type { ShutdownCause } from '../events/event.ts';
import type { RunStatus } from '../events/status.ts';
import { ServiceBook } from '../tasks/service-book.ts';
import type { Supervisable } from './program-graph.ts';
import { createReadiness } from './readiness.ts';
import { ReportBuilder, SupervisionError, type SupervisionReport } from './report.ts';
import { type RunParts, runGraph } from './run-graph.ts';
import type { SuperviseOptions } from './supervise-options.ts';

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
 * `CancelledError`; or with the `SupervisionError`, if there is one.
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

async function runServices(
  services: readonly Supervisable[],
  options: SuperviseOptions,
  parts: RunParts,
): Promise<SupervisionReport> {
  const { readiness } = parts;
  try {
    const { report, cancellation } = await toTheEnd(parts.ask, () => runGraph(services, options, parts));
    const failed = report.status === 1 || report.status === 3;
    if (failed && options.raiseOnError !== false) throw new SupervisionError(report);
    if (cancellation !== undefined) throw cancellation.error;
    readiness.end(new Error(`The services went down before all were ready: ${report.cause}`));
    return report;
  } catch (error) {
    readiness.end(error);
    throw error;
  }
}

interface Ended {
  readonly report: SupervisionReport;
  /** What came from outside meanwhile. */
  readonly cancellation?: { readonly error: unknown };
}

/** What runs is shielded: a cancellation asks it to go down, and waits for that. */
async function toTheEnd(
  ask: (cause: ShutdownCause) => void,
  run: () => Promise<SupervisionReport>,
): Promise<Ended> {
  let isOver = false;
  const running = shield(run).finally(() => {
    isOver = true;
  });
  try {
    return { report: await wait(running) };
  } catch (error) {
    if (isOver || !isCancelled(error)) throw error;
    ask({ kind: 'down', reason: error instanceof Error ? error.message : 'cancelled' });
    return { report: await running, cancellation: { error } };
  }
}
