/**
 * One task of a `TaskManager`: pending until it has a slot, then running, then in a final state for good. It owns its
 * scope and its time limit; whose failure it is that it fails is not its affair.
 */
import { now } from './ambient.ts';
import { CancelScope } from './cancel-scope.ts';
import { isCancelled } from './cancelled-error.ts';
import { effectiveDeadline } from './effective-deadline.ts';
import { Event } from './event.ts';
import type { Semaphore } from './semaphore.ts';
import { checkpoint } from './sleep.ts';
import {
  isFinalState,
  type ManagedTask,
  TaskCancelledError,
  type TaskHandle,
  type TaskInfo,
  type TaskOutcome,
  type TaskState,
} from './task-record.ts';
import { TimeoutError } from './timeout-error.ts';

export class ManagedTaskEntry<T> implements TaskHandle<T> {
  readonly id: string;
  readonly result: Promise<T>;
  /** Set when it has ended. */
  readonly ended = new Event();
  readonly #fn: (task: ManagedTask) => Promise<T> | T;
  readonly #timeoutMs: number | undefined;
  readonly #onMove: (from: TaskState) => void;
  readonly #scope: CancelScope;
  readonly #createdMs = now();
  #state: TaskState = 'pending';
  #startedMs: number | undefined;
  #endedMs: number | undefined;
  #outcome: TaskOutcome<T> | undefined;
  readonly #deferred: { resolve(value: T): void; reject(error: unknown): void };

  constructor(
    id: string,
    fn: (task: ManagedTask) => Promise<T> | T,
    timeoutMs: number | undefined,
    onMove: (from: TaskState) => void,
  ) {
    this.id = id;
    this.#fn = fn;
    this.#timeoutMs = timeoutMs;
    this.#onMove = onMove;
    this.#scope = new CancelScope({ name: id });
    this.#deferred = { resolve: () => undefined, reject: () => undefined };
    this.result = new Promise<T>((resolve, reject) => Object.assign(this.#deferred, { resolve, reject }));
    // Not looking at it is allowed.
    this.result.catch(() => undefined);
  }

  get state(): TaskState {
    return this.#state;
  }

  get isFinal(): boolean {
    return isFinalState(this.#state);
  }

  /** How it ended; undefined: it hasn't. */
  get outcome(): TaskOutcome<T> | undefined {
    return this.#outcome;
  }

  get info(): TaskInfo {
    const outcome = this.#outcome;
    return {
      id: this.id,
      state: this.#state,
      createdMs: this.#createdMs,
      startedMs: this.#startedMs,
      endedMs: this.#endedMs,
      error: outcome === undefined || outcome.state === 'completed' ? undefined : outcome.error,
    };
  }

  cancel(reason?: string): void {
    this.#scope.cancel(reason);
  }

  /** Waits for a slot, runs, and ends; rejects only with a cancellation from outside its own scope. */
  async run(slots: Semaphore | undefined): Promise<void> {
    let hasSlot = false;
    try {
      const outcome = await this.#scope.run(async () => {
        // Who was cancelled before its turn never runs.
        if (slots !== undefined || effectiveDeadline() === Number.NEGATIVE_INFINITY)
          await (slots?.acquire() ?? checkpoint());
        hasSlot = true;
        return this.#runLimited();
      });
      this.#end(outcome ?? this.#cancelled());
    } catch (error) {
      this.#end(isCancelled(error) ? this.#cancelled() : { state: 'failed', error });
      if (isCancelled(error)) throw error;
    } finally {
      // Only now: the next one must not run beside it.
      if (hasSlot) slots?.release();
    }
  }

  async #runLimited(): Promise<TaskOutcome<T>> {
    this.#startedMs = now();
    this.#move('running');
    const limit = new CancelScope({ timeoutMs: this.#timeoutMs, name: `limit of ${this.id}` });
    const answer = await limit.run(async ({ signal }) => ({
      value: await this.#fn({ id: this.id, signal }),
    }));
    if (answer !== undefined) return { state: 'completed', value: answer.value };
    return {
      state: 'timed-out',
      error: new TimeoutError(`Task "${this.id}" timed out after ${this.#timeoutMs} ms`),
    };
  }

  #cancelled(): TaskOutcome<T> {
    return { state: 'cancelled', error: new TaskCancelledError(this.id, this.#scope.reason) };
  }

  #end(outcome: TaskOutcome<T>): void {
    this.#outcome = outcome;
    this.#endedMs = now();
    this.#move(outcome.state);
    if (outcome.state === 'completed') this.#deferred.resolve(outcome.value);
    else this.#deferred.reject(outcome.error);
    this.ended.set();
  }

  #move(to: TaskState): void {
    const from = this.#state;
    this.#state = to;
    this.#onMove(from);
  }
}
