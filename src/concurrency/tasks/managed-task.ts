/**
 * One task of a `TaskManager`: pending until it has a slot, then running, then in a final state for good. It owns its
 * scope and its time limit. What its failure means to others is not its affair.
 */
import { isCancelled, TimeoutError } from '../kernel/errors/own-errors.ts';
import { now } from '../kernel/scope/ambient.ts';
import { CancelScope } from '../kernel/scope/cancel-scope.ts';
import { callingTask, isInTask, type TaskIdentity } from '../kernel/scope/current-task.ts';
import { isFinalState, TaskCancelledError, type TaskState, waitsForItself } from '../kernel/task/views.ts';
import { Event } from '../kernel/wait/event.ts';
import type { WaitOptions } from '../kernel/wait/suspend.ts';
import type { ManagedTask, ManagedTaskHandle, TaskInfo, TaskOutcome } from './record.ts';
import type { Turn } from './slots.ts';

/** What holds for one task. */
interface TaskTerms {
  readonly timeoutMs: number | undefined;
  readonly priority: number;
  readonly turn: Turn;
}

export class ManagedTaskEntry<T> implements ManagedTaskHandle<T> {
  readonly id: string;
  readonly result: Promise<T>;
  /** Set when it has ended. */
  readonly ended = new Event();
  readonly #fn: (task: ManagedTask) => Promise<T> | T;
  readonly #timeoutMs: number | undefined;
  readonly #priority: number;
  readonly #turn: Turn;
  readonly #onMove: (from: TaskState) => void;
  readonly #scope: CancelScope;
  readonly #createdMs = now();
  #state: TaskState = 'pending';
  #task: TaskIdentity | undefined;
  #startedMs: number | undefined;
  #endedMs: number | undefined;
  #outcome: TaskOutcome<T> | undefined;
  readonly #deferred: { resolve(value: T): void; reject(error: unknown): void };

  constructor(
    id: string,
    fn: (task: ManagedTask) => Promise<T> | T,
    { timeoutMs, priority, turn }: TaskTerms,
    onMove: (from: TaskState) => void,
  ) {
    this.id = id;
    this.#fn = fn;
    this.#timeoutMs = timeoutMs;
    this.#priority = priority;
    this.#turn = turn;
    this.#onMove = onMove;
    this.#scope = new CancelScope({ name: id });
    this.#deferred = { resolve: () => undefined, reject: () => undefined };
    this.result = new Promise<T>((resolve, reject) => Object.assign(this.#deferred, { resolve, reject }));
    // Not looking at it is allowed.
    this.result.catch(() => undefined);
  }

  get name(): string {
    return this.id;
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
      priority: this.#priority,
      createdMs: this.#createdMs,
      startedMs: this.#startedMs,
      endedMs: this.#endedMs,
      error: outcome === undefined || outcome.state === 'completed' ? undefined : outcome.error,
    };
  }

  cancel(reason?: string): void {
    this.#scope.cancel(reason);
  }

  wait(options?: WaitOptions): Promise<void> {
    return isInTask(this.#task) ? waitsForItself(this.id) : this.ended.wait(options);
  }

  /** Waits for a slot, runs, and ends; rejects only with a cancellation from outside its own scope. */
  async run(): Promise<void> {
    this.#task = callingTask();
    try {
      const outcome = await this.#scope.run(async () => {
        // Who was cancelled before its turn never runs.
        const waiting = this.#turn.come();
        if (waiting !== undefined) await waiting;
        return this.#runLimited();
      });
      this.#end(outcome ?? this.#cancelled());
    } catch (error) {
      this.#end(isCancelled(error) ? this.#cancelled() : { state: 'failed', error });
      if (isCancelled(error)) throw error;
    } finally {
      // Only now: the next one must not run beside it.
      this.#turn.end();
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
