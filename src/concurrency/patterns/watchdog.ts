/**
 * Reads that must not stay away: each has a deadline of its own. It is no clock that is compared now and then, so that
 * a source trips it that holds its connection open and says nothing.
 */
import { checkTime } from '../kernel/checks.ts';
import { CancelScope } from '../kernel/scope/cancel-scope.ts';
import { shield } from '../kernel/scope/out-of-reach.ts';
import { wait } from '../kernel/wait/foreign.ts';
import { checkpoint } from '../kernel/wait/sleep.ts';

/** Whose reads are watched, and how long one may take. */
export interface WatchdogOptions {
  /** The name of what is read, for the error. */
  readonly source: string;
  /** How long one read may take, in ms. */
  readonly withinMs: number;
}

/** Thrown by `watchdog` and `watched` when a read stays away. */
export class StalenessError extends Error {
  override readonly name = 'StalenessError';
  /** The name of the source. */
  readonly source: string;
  /** For how long it had said nothing, in ms: the limit of the watchdog. */
  readonly withinMs: number;

  constructor(source: string, withinMs: number) {
    super(`Nothing from "${source}" for ${withinMs} ms`);
    this.source = source;
    this.withinMs = withinMs;
  }
}

/**
 * Does one read and resolves with what it gave; rejects with a `StalenessError` if it takes longer than `withinMs` ms.
 * Errors of the read itself, a `TimeoutError` too, leave as they are; a read that was satisfied at the deadline is not
 * lost; cancelled from outside, it does not trip. What `read` does ends with it: a promise that knows nothing of scopes
 * it must `wait` for, or hand the signal on.
 */
export async function watchdog<T>(
  read: (signal: AbortSignal) => Promise<T> | T,
  { source, withinMs }: WatchdogOptions,
): Promise<T> {
  const timeoutMs = checkTime(withinMs, 'the limit of a watchdog');
  const scope = new CancelScope({ timeoutMs, name: `watchdog of ${source}` });
  const answer = await scope.run(async () => ({ value: await read(scope.signal) }));
  if (answer === undefined) throw new StalenessError(source, withinMs);
  return answer.value;
}

/**
 * The items of any async iterable, a Node stream too, each of which must come within the limit: if one does not, the
 * loop ends with a `StalenessError`. Errors of the source leave as they are. When its reader leaves or is cancelled,
 * `items` is told to end; one that is still reading then is not waited for.
 */
export async function* watched<T>(
  items: AsyncIterable<T>,
  options: WatchdogOptions,
): AsyncGenerator<T, void, undefined> {
  const iterator = items[Symbol.asyncIterator]();
  let state: 'reading' | 'idle' | 'ended' = 'idle';
  try {
    for (;;) {
      state = 'reading';
      const next = iterator.next();
      const { done, value } = await watchdog(() => orInTime(next), options);
      state = done === true ? 'ended' : 'idle';
      if (done === true) return;
      yield value;
    }
  } finally {
    const left = state === 'ended' ? undefined : iterator.return?.();
    if (state === 'reading') left?.catch(() => undefined);
    else await left;
  }
}

/** Waits for a promise that may know nothing of scopes, and takes what it gives in the turn of the deadline, too. */
async function orInTime<T>(promise: Promise<T>): Promise<T> {
  let came: { readonly value: T } | undefined;
  promise.then(
    (value) => {
      came = { value };
    },
    () => undefined,
  );
  try {
    return await wait(promise);
  } catch (error) {
    await shield(() => checkpoint());
    if (came === undefined) throw error;
    return (came as { readonly value: T }).value;
  }
}
