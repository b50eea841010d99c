/**
 * What became of a supervised graph, as data; collected from its events.
 *
 * Errors are the very objects that were thrown, each with the service that it is of, the cause of the end first.
 * Cancellations are none. What is no object of this program (a process failed, a kill) is told by an error made here.
 */
import type { OrderlyEvent, Survivor } from '../events/event.ts';
import type { FailureReport } from '../events/failure.ts';
import type { RunStatus, ServiceStatus } from '../events/status.ts';
import { StatusTracker } from '../events/status-tracker.ts';
import type { Said, ServiceBook } from '../tasks/service-book.ts';

/** An error of one service. */
export interface ServiceError {
  readonly service: string;
  /** The number of its instance, from 1; 0: it had none. */
  readonly attempt: number;
  /**
   * `run`: it failed for good; `stop`: it threw when it was asked to stop; `kill`: it had to be cancelled or killed while
   * everything went down; `cleanup`: a step of its clean-up threw, failed or took too long.
   */
  readonly phase: 'run' | 'stop' | 'kill' | 'cleanup';
  /** What was thrown, the very object; an `Error` made here where nothing was: a process failed, a kill. */
  readonly error: unknown;
}

/** Where a service is in its life, and what it said last that it is doing; undefined: nothing. */
export type GraphServiceStatus = ServiceStatus & { readonly said: Said | undefined };

/** Where a graph is. */
export interface GraphStatus extends RunStatus {
  readonly services: ReadonlyMap<string, GraphServiceStatus>;
}

/** What became of a graph. */
export interface SupervisionReport {
  /** As the exit status of `orderly up`: 0, 1 (failed), 3 (not stopped cleanly), 128 + n (stopped by a signal). */
  readonly status: number;
  /** The signal that stopped it cleanly; undefined: none. */
  readonly signal: NodeJS.Signals | undefined;
  /** One clause: the first thing that went wrong, or why it ended. */
  readonly cause: string;
  /** The cause of the end first. They may be some though the status is 0: of what a restart made up for. */
  readonly errors: readonly ServiceError[];
  /** What the run failed of, with all that is known of it; undefined: of nothing. */
  readonly failure: FailureReport | undefined;
  /** The last state of each service. */
  readonly services: ReadonlyMap<string, GraphServiceStatus>;
  /** What outlived the end. */
  readonly survivors: readonly Survivor[];
}

/**
 * Thrown by `supervise` when something failed, or did not stop cleanly; its message is the cause, and its `errors` are those
 * of the report, the very objects that were thrown.
 */
export class SupervisionError extends AggregateError {
  override readonly name = 'SupervisionError';
  /** All that became of the graph, what did not fail included. */
  readonly report: SupervisionReport;

  constructor(report: SupervisionReport) {
    super(
      report.errors.map(({ error }) => error),
      report.cause,
    );
    this.report = report;
  }
}

export class ReportBuilder {
  readonly #book: ServiceBook;
  readonly #tracker = new StatusTracker();
  readonly #errors: ServiceError[] = [];
  #isGoingDown = false;

  constructor(book: ServiceBook) {
    this.#book = book;
  }

  /** As of the last event. */
  get status(): RunStatus {
    return this.#tracker.status;
  }

  /** The same, with what the services said. */
  get graphStatus(): GraphStatus {
    const { services, ...status } = this.status;
    const withSaid = [...services].map(([name, one]): [string, GraphServiceStatus] => [
      name,
      { ...one, said: this.#book.saidBy(name) },
    ]);
    return { ...status, services: new Map(withSaid) };
  }

  apply(event: OrderlyEvent): void {
    this.#tracker.apply(event);
    switch (event.type) {
      case 'shutdown.requested':
        this.#isGoingDown = true;
        break;
      case 'service.exited':
        if (event.asked && event.outcome === 'threw')
          this.#add(event, 'stop', this.#thrown(event, event.error));
        break;
      case 'service.failed':
        this.#add(event, 'run', this.#thrown(event, `"${event.service}" failed: ${event.cause}`));
        break;
      case 'service.killed':
        if (this.#isGoingDown)
          this.#add(event, 'kill', told(`"${event.service}" had to be killed: ${event.reason}`));
        break;
      case 'service.cleanup': {
        if (event.error === undefined) break;
        const text = `the clean-up "${event.run}" of "${event.service}" ${event.error}`;
        const thrown = this.#book.takeCleanupError(event.service);
        this.#add(event, 'cleanup', thrown === undefined ? told(text) : thrown.error);
        break;
      }
    }
  }

  finish({
    status,
    raise,
  }: {
    readonly status: number;
    readonly raise: NodeJS.Signals | undefined;
  }): SupervisionReport {
    const { services, finished } = this.graphStatus;
    const { failure, cause = '', survivors = [] } = finished ?? {};
    const isCause = ({ service, phase }: ServiceError) => phase === 'run' && service === failure?.service;
    return {
      status,
      signal: raise,
      cause,
      errors: [...this.#errors.filter(isCause), ...this.#errors.filter((error) => !isCause(error))],
      failure,
      services,
      survivors,
    };
  }

  #thrown({ service }: { readonly service: string }, otherwise = ''): unknown {
    const thrown = this.#book.thrownBy(service);
    return thrown === undefined ? told(otherwise) : thrown.error;
  }

  #add(
    of: { readonly service: string; readonly attempt: number },
    phase: ServiceError['phase'],
    error: unknown,
  ): void {
    this.#errors.push({ service: of.service, attempt: of.attempt, phase, error });
  }
}

/** An error whose text says all: where it was made tells nobody anything. */
function told(text: string): Error {
  const error = new Error(text);
  error.stack = String(error);
  return error;
}
