/**
 * The promise of one `start`: it ends with what the child gives to `started`, or with what the
 * child's end makes of it. Until then the scopes around `start` reach the child too. The promise
 * is always handled, should nobody look.
 */
import type { CancelNode } from '../scope/cancel-node.ts';
import { type ReachEffects, reachAll, ScopeMember } from '../scope/member.ts';
import type { Thrown } from '../scope/run-inside.ts';

/** Hands the cancellations of the caller's scope to the child. */
class CallerLink extends ScopeMember {
  readonly label: string;
  readonly inner: readonly ScopeMember[] = [];
  readonly #child: CancelNode;

  constructor(child: CancelNode) {
    super();
    this.label = `start ${child.label}`;
    this.#child = child;
  }

  override reach(effects: ReachEffects): void {
    reachAll([this.#child], effects);
  }
}

/** One pending `start`. */
export class StartHandshake<V> {
  readonly promise: Promise<V>;
  #resolve!: (value: V) => void;
  #reject!: (error: unknown) => void;
  #isStarted = false;
  #value: V | undefined;
  readonly #name: string;
  readonly #child: CancelNode;
  readonly #caller: CancelNode | undefined;
  #link: CallerLink | undefined;

  constructor(name: string, child: CancelNode, caller: CancelNode | undefined) {
    this.#name = name;
    this.#child = child;
    this.#caller = caller;
    this.promise = new Promise<V>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.promise.catch(() => undefined);
    if (caller === undefined) return;
    child.also = caller;
    this.#link = new CallerLink(child);
    caller.add(this.#link);
  }

  /** Returns whether the child now belongs to its group alone. Throws when called again. */
  started(value: V): boolean {
    if (this.#isStarted) throw new Error(`Cannot call started() of "${this.#name}" again: it has started`);
    this.#isStarted = true;
    this.#value = value;
    if (this.#caller?.seen() !== undefined) return false;
    this.#unlink();
    this.#resolve(value);
    return true;
  }

  /** The child has ended while it still belonged to its `start`. */
  ended(thrown: Thrown | undefined): void {
    const interruption = this.#caller?.seen();
    this.#unlink();
    if (thrown !== undefined) this.#reject(thrown.error);
    else if (this.#isStarted) this.#resolve(this.#value as V);
    else if (interruption !== undefined) this.#reject(interruption);
    else this.#reject(new Error(`Cannot start "${this.#name}": it returned before it called started()`));
  }

  #unlink(): void {
    this.#child.also = undefined;
    this.#link?.unlink();
    this.#link = undefined;
  }
}
