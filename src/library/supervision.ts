/**
 * A graph that runs, as its program holds it: the promise of its report, with means to look at it and to end it.
 *
 * It knows whether somebody has looked at how it ends, so that leaving a block tells of a failure exactly if nobody else
 * was told.
 */
import { ScopeEndedError, shield, wait } from '../concurrency/index.ts';
import { messageOf } from '../concurrency/kernel/errors/thrown.ts';
import { isInside } from '../tasks/place.ts';
import type { ValuesOf } from '../tasks/run-context.ts';
import type { GraphStatus, SupervisionReport } from './report.ts';
import type { RunParts } from './run-graph.ts';

/**
 * A graph that runs: a promise of its report, with means to look at it and to end it. Somebody must await it, as every
 * promise: a failure that nobody hears of is an unhandled rejection, unless `ready` told it or the graph was stopped.
 *
 * At the end of a block with `await using` it is stopped and awaited, cancelled or not; what it failed of is thrown there
 * unless somebody has awaited the promise, was told by `ready`, or had called `stop`.
 */
export interface Supervision extends Promise<SupervisionReport>, AsyncDisposable {
  /**
   * Resolves when every service is ready, or over. If it goes down before that it rejects, when it is over, with the error
   * of the run, or one that tells the cause. It may be left alone.
   */
  readonly ready: Promise<void>;
  /** As of the last event, with what its services say that they are doing: a picture, which doesn't change. */
  readonly status: GraphStatus;
  /** What a service has reported, by its definition or its name: the very object, also when the graph has ended. */
  readonly values: ValuesOf;
  /**
   * Asks it to go down, and resolves when it has, also if something failed: that is told by the promise itself. Called
   * again, it waits for the same end. Cancelled, it stops waiting; the graph goes down all the same. Called by one of its
   * own services, it resolves at once: that service is part of what it would wait for.
   */
  stop(reason?: string): Promise<void>;
}

export interface SupervisionParts extends Pick<RunParts, 'ask' | 'book' | 'report' | 'readiness'> {
  readonly values: ValuesOf;
  /** Resolves when it has ended, however. */
  readonly over: Promise<void>;
}

export class RunningGraph extends Promise<SupervisionReport> implements Supervision {
  readonly values: ValuesOf;
  readonly #parts: SupervisionParts;
  #isHeard = false;

  constructor(ended: Promise<SupervisionReport>, parts: SupervisionParts) {
    super((resolve, reject) => void ended.then(resolve, reject));
    this.values = parts.values;
    this.#parts = parts;
  }

  /** What is made from it is a promise like any other. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise that knows whether somebody has looked at it
  override then<A = SupervisionReport, B = never>(
    onReport?: ((report: SupervisionReport) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#isHeard = true;
    return super.then(onReport, onError);
  }

  get ready(): Promise<void> {
    const { ready } = this.#parts.readiness;
    ready.catch(() => this.#hear());
    return ready;
  }

  get status(): GraphStatus {
    return this.#parts.report.graphStatus;
  }

  stop(reason?: string): Promise<void> {
    this.#hear();
    return this.#down(reason) ? this.#untilOver() : Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const isHeard = this.#isHeard;
    this.#hear();
    if (!this.#down()) return;
    await shield(() => this.#parts.over);
    if (!isHeard) await this;
  }

  /** Asks it to go down; false if the caller must not wait for that. */
  #down(reason?: string): boolean {
    const { ask, book } = this.#parts;
    ask({ kind: 'down', ...(reason !== undefined && { reason: messageOf(reason) }) });
    return !isInside(book);
  }

  /** What has outlived the service that it was begun in may wait all the same: there is no scope left to obey. */
  async #untilOver(): Promise<void> {
    const { over } = this.#parts;
    try {
      await wait(over);
    } catch (error) {
      if (!(error instanceof ScopeEndedError)) throw error;
      await over;
    }
  }

  /** Somebody knows how it ends, or doesn't want to: no failure of it is an unhandled rejection. */
  #hear(): void {
    this.then(undefined, () => undefined);
  }
}
