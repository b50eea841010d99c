/**
 * A wait: the only point at which a cancellation is seen. It is owned by the scope it was begun in and ends exactly
 * once: fulfilled, failed, cancelled with its scope, or aborted by the signal it was given. Whichever is decided first
 * in a turn stands; the waiting code runs later, never inside the call that decided. Rejections of cancelled waits are
 * handled, should nobody look.
 */
import { ambient } from '../scope/ambient.ts';
import type { CancelNode } from '../scope/cancel-node.ts';
import { addRoot, type ReachEffects, removeRoot, ScopeMember } from '../scope/member.ts';

/** What every waiting call can be given. */
export interface WaitOptions {
  /** Ends the wait with the signal's own reason, which no scope absorbs. The wait obeys its scope as well. */
  readonly signal?: AbortSignal | undefined;
}

const none: readonly ScopeMember[] = [];
const ignore = (): void => undefined;

/**
 * How much has happened so far: it grows whenever a wait begins or ends. Unchanged after a turn of the loop, it says
 * that nobody did anything.
 */
let steps = 0;

export function stepsSoFar(): number {
  return steps;
}

/** One pending wait, in the hands of what will end it. */
export class Wait<T> extends ScopeMember {
  readonly label: string;
  readonly inner = none;
  readonly promise: Promise<T>;
  /** Called when the wait gives up, to take it out of whatever line it stands in. */
  giveUp: () => void = ignore;
  #resolve!: (value: T) => void;
  #reject!: (error: unknown) => void;
  #isSettled = false;
  readonly #scope: CancelNode | undefined;
  readonly #signal: AbortSignal | undefined;
  /** Most waits have no signal, and none of them pays for a listener. */
  readonly #onAbort: (() => void) | undefined;

  constructor(label: string, signal: AbortSignal | undefined) {
    super();
    this.label = label;
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    steps += 1;
    this.#scope = ambient()?.scope;
    if (this.#scope === undefined) addRoot(this);
    else this.#scope.add(this);
    this.#signal = signal;
    if (signal !== undefined) {
      this.#onAbort = () => this.#abandon(signal.reason);
      signal.addEventListener('abort', this.#onAbort);
    }
  }

  /** Ends the wait with a value; without effect if it has ended. */
  fulfil(value: T): void {
    if (this.#settle()) this.#resolve(value);
  }

  /** Ends the wait with a value that the waiting code hears of once it is given to what this returns. */
  claim(): (value: T) => void {
    this.#settle();
    return this.#resolve;
  }

  /** Ends the wait with an error; without effect if it has ended. */
  fail(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  /** Ends the wait because its scope was cancelled. */
  interrupt(): void {
    const error = this.#scope?.seen();
    if (error !== undefined) this.#abandon(error);
  }

  override reach(effects: ReachEffects): void {
    effects.waits.push(this);
  }

  #abandon(error: unknown): void {
    if (!this.#settle()) return;
    this.giveUp();
    this.promise.catch(ignore);
    this.#reject(error);
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    steps += 1;
    if (this.#scope === undefined) removeRoot(this);
    else this.unlink();
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }
}

/** The rejection of a wait that may not begin, because its scope is cancelled or its signal aborted. */
export function refusal(options: WaitOptions | undefined): Promise<never> | undefined {
  const error = ambient()?.scope?.effective();
  if (error !== undefined) return rejected(error);
  if (options?.signal?.aborted === true) return rejected(options.signal.reason);
  return undefined;
}

/** What a wait without a value returns that `refusal` let begin, and that had nothing to wait for. */
export const satisfied: Promise<void> = Promise.resolve();

/** Waits until `arm`'s wait is ended; `arm` is not called if the scope is cancelled already. */
export function suspend<T>(
  label: string,
  arm: (wait: Wait<T>) => void,
  options?: WaitOptions | undefined,
): Promise<T> {
  return refusal(options) ?? pend(label, arm, options);
}

/**
 * The same for who has asked `refusal` in this turn and found that it must wait: who need not wait answers with
 * `satisfied`, or a promise of its value, which costs a fourth of a `Wait`.
 */
export function pend<T>(
  label: string,
  arm: (wait: Wait<T>) => void,
  options: WaitOptions | undefined,
): Promise<T> {
  const wait = new Wait<T>(label, options?.signal);
  arm(wait);
  return wait.promise;
}

/**
 * The same for a wait that stands in line: `place` makes of it what stands there, and that leaves the line when the wait
 * gives up. Serving the line takes out what is served.
 */
export function pendInLine<T, W>(
  label: string,
  line: Set<W>,
  place: (wait: Wait<T>) => W,
  options: WaitOptions | undefined,
): Promise<T> {
  const wait = new Wait<T>(label, options?.signal);
  const waiter = place(wait);
  line.add(waiter);
  wait.giveUp = () => line.delete(waiter);
  return wait.promise;
}

/** Stands in a line of nothing but waits. */
export const itself = <T>(wait: Wait<T>): Wait<T> => wait;

function rejected(error: unknown): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(ignore);
  return promise;
}
