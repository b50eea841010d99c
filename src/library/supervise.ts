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

/** A graph that runs. It is a promise of its report. */
export interface Supervision extends Promise<SupervisionReport> {
  /**
   * Resolves when every service is ready, or over. If it goes down before that it rejects, when it is over, with the error
   * of the run, or one that tells the cause. It may be left alone.
   */
  readonly ready: Promise<void>;
  /** As of now. */
  readonly status: RunStatus;
  /** Asks it to go down, and resolves when it has; called again, it waits for the same end. */
  stop(reason?: string): Promise<void>;
}

/**
 * Resolves when everything has ended and been cleaned up. Rejects with a `ConfigurationError` for services that can't be,
 * nothing having been started; and with a `SupervisionError` for what failed, unless `raiseOnError` is false.
 */
export function supervise(services: readonly Supervisable[], options: SuperviseOptions = {}): Supervision {
  const requests = new Queue<SupervisorRequest>(Number.POSITIVE_INFINITY);
  const book = new ServiceBook();
  const report = new ReportBuilder(book);
  const readiness = createReadiness();
  const ask = (cause: ShutdownCause): void => void requests.tryPut({ kind: 'shutdown', cause });
  const ended = runServices(services, options, { requests, book, report, readiness, ask });
  const over = ended.then(
    () => undefined,
    () => undefined,
  );
  return Object.defineProperties(ended, {
    ready: { value: readiness.ready },
    status: { get: () => report.status },
    stop: {
      value(reason?: string): Promise<void> {
        ask({ kind: 'down', ...(reason !== undefined && { reason }) });
        return wait(over);
      },
    },
  }) as Supervision;
}

async function runServices(
  services: readonly Supervisable[],
  options: SuperviseOptions,
  { ask, ...parts }: RunParts & { readonly ask: (cause: ShutdownCause) => void },
): Promise<SupervisionReport> {
  const { readiness } = parts;
  try {
    const { report, cancellation } = await toTheEnd(ask, () => runGraph(services, options, parts));
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
