/**
 * Waits under remote control, and a model beside them: each is begun, satisfied, cancelled and aborted between two
 * turns, in whatever order a script says, and what the model expects of it is compared once everything ready has run.
 */
import assert from 'node:assert/strict';
import { CancelScope, checkpoint, isCancelled, type WaitOptions } from '../../src/concurrency/index.ts';
import { shape } from './concurrency-lab.ts';

/** Begins a wait in the surroundings of some task. */
export type Begin = (options: WaitOptions) => Promise<unknown>;

/** One wait in a scope and with a signal of its own. */
export class Attempt {
  /** What the model says: `waiting`, `cancelled`, `aborted`, `got …`, or the message of an error. */
  expected = 'waiting';
  outcome = 'waiting';
  readonly #scope = new CancelScope();
  readonly #abort = new AbortController();

  /** `early`: cancelled before it begins. */
  constructor(begin: Begin, early = false) {
    if (early) this.#scope.cancel();
    void this.#scope.run(async () => {
      try {
        this.outcome = `got ${await begin({ signal: this.#abort.signal })}`;
      } catch (error) {
        this.outcome = isCancelled(error) ? 'cancelled' : shape(error);
      }
    });
  }

  /** Ends it as its scope would, or, if `asSignal`, as its signal would. */
  stop(asSignal: boolean): void {
    if (asSignal) this.#abort.abort('aborted');
    else this.#scope.cancel();
  }
}

/** All the attempts of one script. */
export class Attempts {
  readonly #all: Attempt[] = [];

  /** Begins one. `early` ones take nothing: their outcome is known. */
  begin(begin: Begin, early = false): Attempt {
    const attempt = new Attempt(begin, early);
    if (early) attempt.expected = 'cancelled';
    this.#all.push(attempt);
    return attempt;
  }

  /** Stops any of them, whatever has become of it; what the model has waiting is handed to `forget`. */
  stop(which: number, asSignal: boolean, forget: (attempt: Attempt) => void): void {
    const attempt = this.#all[which % this.#all.length];
    if (attempt === undefined) return;
    attempt.stop(asSignal);
    if (attempt.expected !== 'waiting') return;
    attempt.expected = asSignal ? 'aborted' : 'cancelled';
    forget(attempt);
  }

  /** Lets everything run that is ready, then holds every outcome against the model. */
  async settle(): Promise<void> {
    await checkpoint();
    assert.deepEqual(
      this.#all.map(({ outcome }) => outcome),
      this.#all.map(({ expected }) => expected),
    );
  }

  /** Stops all that wait, so that nothing is left open. */
  async end(forget: (attempt: Attempt) => void): Promise<void> {
    for (const which of this.#all.keys()) this.stop(which, false, forget);
    await this.settle();
  }
}

/** Takes an element out of a list; without effect if it isn't in. */
export function without<T>(list: T[], element: T): void {
  const index = list.indexOf(element);
  if (index >= 0) list.splice(index, 1);
}
