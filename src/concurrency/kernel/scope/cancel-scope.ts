/**
 * A stretch of code that can be cancelled as a whole: by `cancel()`, by a deadline, or by a foreign `AbortSignal`.
 * Once cancelled, every wait inside throws `CancelledError`, and the scope absorbs it on the way out. It interrupts
 * nothing but waits.
 */
import { checkTime } from '../checks.ts';
import { CancelNode } from './cancel-node.ts';
import { runInside } from './run-inside.ts';

/** How a scope is made; times are in milliseconds of the ambient clock. */
export interface CancelScopeOptions {
  /** When it is cancelled, as a time of the clock. */
  readonly deadline?: number | undefined;
  /** How long after `run` began it is cancelled; with `deadline` too, the earlier of the two. */
  readonly timeoutMs?: number | undefined;
  /**
   * Whether the deadline is moved back by time in which the process could not run (see `Clock.watchStalls`). For what
   * judges others: they must not be found late because we were.
   */
  readonly forgivesStalls?: boolean | undefined;
  /** Whether cancellations from outside are kept out. */
  readonly shield?: boolean | undefined;
  /** For messages and reports of open work; `scope` by default. */
  readonly name?: string | undefined;
  /** Cancels the scope when it aborts; the scope absorbs that as it does its other cancellations. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A stretch of code that can be cancelled as a whole: by `cancel`, by its deadline, or by a foreign `AbortSignal`. Once
 * cancelled, every wait inside throws a `CancelledError`, and the scope absorbs it on the way out; of several nested
 * scopes that were cancelled, the outermost does. Entered once, with `run`; it may be cancelled before.
 */
export class CancelScope {
  readonly #node: CancelNode;
  readonly #timeoutMs: number;
  readonly #foreign: AbortSignal | undefined;

  /** Throws a `RangeError` for a NaN deadline or timeout. */
  constructor(options?: CancelScopeOptions);
  /** @internal For a node that the kernel has made. */
  constructor(options: CancelScopeOptions, node: CancelNode);
  constructor(options: CancelScopeOptions = {}, node: CancelNode = scopeNode(options)) {
    this.#node = node;
    this.#timeoutMs = checkTime(options.timeoutMs ?? Number.POSITIVE_INFINITY, 'the timeout of a scope');
    this.#foreign = options.signal;
    if (this.#foreign?.aborted === true) this.#cancelByForeign();
  }

  /**
   * Runs `fn` inside the scope and resolves with its value, or with undefined if the scope's own cancellation ended it.
   * Other errors leave as they are, a group error without the cancellations in it; cancellations from outside leave
   * too. Rejects with an `Error` if the scope was entered before.
   */
  run<T>(fn: (scope: CancelScope) => Promise<T> | T): Promise<T | undefined> {
    if (this.#foreign === undefined || !this.#node.isNew) {
      return runInside<CancelScope, T>(this.#node, fn, this, this.#timeoutMs);
    }
    return this.#runListening(this.#foreign, fn);
  }

  /** Makes every wait inside throw from now on, those that are pending too. The first call counts, with its reason. */
  cancel(reason?: string): void {
    this.#node.cancel('call', reason);
  }

  /** Whether the scope was cancelled; a deadline that passed while it is open counts. */
  get cancelCalled(): boolean {
    return this.#node.cancelled !== undefined;
  }

  /** Whether the scope has absorbed its cancellation; never true before it was left. */
  get cancelledCaught(): boolean {
    return this.#node.caught;
  }

  /** What was given to the first `cancel`, or the foreign signal's reason; undefined without one. */
  get reason(): unknown {
    return this.#node.cancelled?.reason;
  }

  /**
   * When the scope is cancelled, in ms of the clock; `Infinity` for never. It can be moved while it has not passed; a
   * past time acts at once, and NaN throws a `RangeError`.
   */
  get deadline(): number {
    return this.#node.deadline;
  }

  set deadline(timeMs: number) {
    this.#node.deadline = checkTime(timeMs, 'a deadline');
  }

  /** Whether cancellations from outside are kept out; may be turned on and off while running. */
  get shield(): boolean {
    return this.#node.isShielded;
  }

  set shield(shield: boolean) {
    this.#node.isShielded = shield;
  }

  /**
   * Aborts when this scope, or one around it up to a shield, is cancelled; its reason is the
   * `CancelledError`. Once aborted it stays so.
   */
  get signal(): AbortSignal {
    return this.#node.signal;
  }

  async #runListening<T>(
    foreign: AbortSignal,
    fn: (scope: CancelScope) => Promise<T> | T,
  ): Promise<T | undefined> {
    if (foreign.aborted) this.#cancelByForeign();
    foreign.addEventListener('abort', this.#cancelByForeign);
    try {
      return await runInside<CancelScope, T>(this.#node, fn, this, this.#timeoutMs);
    } finally {
      foreign.removeEventListener('abort', this.#cancelByForeign);
    }
  }

  readonly #cancelByForeign = (): void => this.#node.cancel('signal', this.#foreign?.reason);
}

interface NodeOptions {
  readonly deadline?: number | undefined;
  readonly shield?: boolean | undefined;
  readonly name?: string | undefined;
  readonly forgivesStalls?: boolean | undefined;
}

/** A node that has not been entered; throws a `RangeError` for a NaN deadline. */
export function scopeNode(options: NodeOptions): CancelNode {
  const { name = 'scope', shield = false, forgivesStalls = false } = options;
  const node = new CancelNode(name, { shield, forgivesStalls });
  node.deadline = checkTime(options.deadline ?? Number.POSITIVE_INFINITY, 'a deadline');
  return node;
}
