/**
 * What went wrong in a group: the failures in the order in which they were thrown, and one
 * cancellation if any task or the body was interrupted. Decides how the group ends; cancels
 * nothing itself.
 */
import { andMore, groupError } from '../errors/group-error.ts';
import { type Thrown, withoutCancellation } from '../scope/run-inside.ts';

/** The failures of one group so far. */
export class GroupOutcome {
  readonly #failures: unknown[] = [];
  #interruption: Thrown | undefined;

  get isInterrupted(): boolean {
    return this.#interruption !== undefined;
  }

  /**
   * Adds what a task or the body threw; `cancellation` is what waits in the group throw at this
   * moment. A cancellation that nothing in the group's surroundings asked for is a failure.
   * Returns whether there was one.
   */
  add(error: unknown, cancellation: Error | undefined): boolean {
    if (cancellation === undefined) {
      this.#failures.push(error);
      return true;
    }
    const rest = withoutCancellation(error);
    if (rest === undefined || rest.error !== error) this.interrupt(rest === undefined ? error : cancellation);
    if (rest === undefined) return false;
    this.#failures.push(rest.error);
    return true;
  }

  /** Notes that the group was interrupted; the first interruption stands for all. */
  interrupt(error: unknown): void {
    this.#interruption ??= { error };
  }

  /** What the group throws; when it `absorbs`, without its interruption. */
  thrown(name: string, absorbs: boolean): Thrown | undefined {
    const interruption = absorbs ? undefined : this.#interruption;
    if (this.#failures.length === 0) return interruption;
    const errors = interruption === undefined ? this.#failures : [interruption.error, ...this.#failures];
    const failures = this.#failures;
    const tell = (left: readonly unknown[]): string =>
      `Task group "${name}" failed: ${andMore(left === errors ? failures : left)}`;
    return { error: groupError(errors, tell) };
  }
}
