/**
 * Resources that are left in the reverse order of entering, each fully left before the next, even
 * in a cancelled scope. It owns what was entered until it has left it. It does not hurry: give a
 * leave its own limit.
 */
import { checkTime } from '../checks.ts';
import { andMore, groupError } from '../errors/group-error.ts';
import { shield } from './out-of-reach.ts';
import { failAfter } from './time-limits.ts';

/** Leaves one resource; its value is dropped. */
export type Leave = () => unknown;

/** How one resource is left. */
export interface LeaveOptions {
  /** How many ms the leave may take; then it fails with a `TimeoutError`. No limit by default. */
  readonly limitMs?: number | undefined;
}

interface Entry {
  readonly leave: Leave;
  readonly limitMs: number;
}

/**
 * Resources that are left in the reverse order of entering, each fully left before the next, in a cancelled scope too:
 * leaving is shielded. It does not hurry: give a leave its own limit.
 */
export class CleanupStack implements AsyncDisposable {
  #entries: Entry[] = [];
  /** Ends when nobody is leaving. */
  #leaving: Promise<unknown> | undefined;

  /**
   * Runs `body` with a new stack, then leaves it, and resolves with the body's value. Errors of body and leaves leave
   * together in an `AggregateError`, first cause first; a lone one as itself. When cancelled, everything is left before
   * the cancellation goes on.
   */
  static async run<T>(body: (stack: CleanupStack) => Promise<T> | T): Promise<T> {
    const stack = new CleanupStack();
    const errors: unknown[] = [];
    let value: T | undefined;
    try {
      value = await body(stack);
    } catch (error) {
      errors.push(error);
    }
    errors.push(...(await stack.#leaveAll()));
    throwTogether(errors);
    return value as T;
  }

  /**
   * Calls `open` and resolves with what it gives, to be left by `leave`. If `open` fails or is cancelled, its error
   * leaves, and `leave` will not be called.
   */
  async enter<R>(
    open: () => Promise<R> | R,
    leave: (resource: R) => unknown,
    options?: LeaveOptions,
  ): Promise<R> {
    const resource = await open();
    this.push(() => leave(resource), options);
    return resource;
  }

  /**
   * Returns `resource`, to be left by its own `Symbol.asyncDispose`, or else its `Symbol.dispose`; null and undefined
   * need no leaving. Throws a `TypeError` for what has neither, and nothing is pushed.
   */
  use<R extends AsyncDisposable | Disposable | null | undefined>(resource: R, options?: LeaveOptions): R {
    if (resource === null || resource === undefined) return resource;
    const dispose = disposeOf(resource);
    if (dispose === undefined)
      throw new TypeError('Cannot use the resource: it has neither Symbol.asyncDispose nor Symbol.dispose');
    this.push(() => dispose.call(resource), options);
    return resource;
  }

  /** Has `leave` called before everything that was pushed until now; while leaving, next. */
  push(leave: Leave, options?: LeaveOptions): void {
    const limitMs = checkTime(options?.limitMs ?? Number.POSITIVE_INFINITY, 'the limit of a clean-up');
    this.#entries.push({ leave, limitMs });
  }

  /** Hands everything to a new stack; this one then has nothing to leave. */
  move(): CleanupStack {
    const stack = new CleanupStack();
    stack.#entries = this.#entries;
    this.#entries = [];
    return stack;
  }

  /**
   * Leaves everything, shielded; each once, however often it is called. Rejects with what a leave threw, with an
   * `AggregateError` if several did. Called while another call is leaving, it waits for that one: not to be awaited in
   * a leave.
   */
  async leave(): Promise<void> {
    throwTogether(await this.#leaveAll());
  }

  /**
   * The same as `leave`, for `await using` and for whatever owns an `AsyncDisposable`. With `await using` an error of
   * the block ends up in the `suppressed` of a later one; `CleanupStack.run` keeps the first cause first.
   */
  [Symbol.asyncDispose](): Promise<void> {
    return this.leave();
  }

  #leaveAll(): Promise<readonly unknown[]> {
    const previous = this.#leaving;
    const leaving = shield(async () => {
      await previous;
      const errors: unknown[] = [];
      for (let entry = this.#entries.pop(); entry !== undefined; entry = this.#entries.pop()) {
        try {
          await leaveOne(entry);
        } catch (error) {
          errors.push(error);
        }
      }
      return errors;
    });
    this.#leaving = leaving;
    return leaving;
  }
}

function disposeOf(resource: AsyncDisposable | Disposable): (() => unknown) | undefined {
  const { [Symbol.asyncDispose]: asyncDispose, [Symbol.dispose]: dispose } = resource as Partial<
    AsyncDisposable & Disposable
  >;
  return asyncDispose ?? dispose;
}

async function leaveOne({ leave, limitMs }: Entry): Promise<void> {
  if (limitMs === Number.POSITIVE_INFINITY) await leave();
  else await failAfter(limitMs, leave);
}

function throwTogether(errors: readonly unknown[]): void {
  const [first] = errors;
  if (errors.length === 1) throw first;
  if (errors.length > 1) {
    throw groupError(errors, (left) => andMore(left, ' while cleaning up'));
  }
}
