/**
 * The async contexts of one place, taken to where its work is done later: who put an item is known to what works on it.
 * The scope and the clock stay behind: a cancellation of who put it must not cut the work of others.
 */
import { AsyncResource } from 'node:async_hooks';
import { ambient, runWith } from '../kernel/scope/ambient.ts';

/** The contexts of whoever makes it. */
export class Carried {
  readonly #resource = new AsyncResource('orderlyd.carried', { requireManualDestroy: true });

  /** Calls `fn` with them, in the scope and by the clock of the caller. */
  run<R>(fn: () => R): R {
    const here = ambient();
    return this.#resource.runInAsyncScope(() => {
      if (here === undefined) return fn();
      return runWith(here, fn, undefined);
    });
  }
}
