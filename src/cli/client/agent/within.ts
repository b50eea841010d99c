/**
 * Work that is given up when its time is over, or when nobody waits for it any more.
 */

export interface Limits {
  readonly world: { readonly after: (ms: number) => Promise<void> };
  /** Aborted: nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** Aborted: there is no more time. */
  readonly hurry?: AbortSignal;
}

/** Undefined: the time was over. What `work` was given is aborted then, with `signal`, and when it is done. */
export async function within<T>(
  { world, signal, hurry }: Limits,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const own = new AbortController();
  const abort = (): void => own.abort();
  let giveUp = (): void => {};
  const over = new Promise<undefined>((resolve) => {
    giveUp = () => resolve(undefined);
    void world.after(ms).then(giveUp);
  });
  if (signal.aborted) abort();
  if (hurry?.aborted) giveUp();
  signal.addEventListener('abort', abort);
  hurry?.addEventListener('abort', giveUp);
  try {
    return await Promise.race([work(own.signal), over]);
  } finally {
    signal.removeEventListener('abort', abort);
    hurry?.removeEventListener('abort', giveUp);
    abort();
  }
}
