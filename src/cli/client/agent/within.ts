/**
 * Work that is given up when its time is over, or when nobody waits for it any more.
 */

export interface Limits {
  readonly world: { readonly after: (ms: number) => Promise<void> };
  readonly signal: AbortSignal;
}

/** Undefined: the time was over. What `work` was given is aborted then, with `signal`, and when it is done. */
export async function within<T>(
  { world, signal }: Limits,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const own = new AbortController();
  const abort = (): void => own.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work(own.signal), world.after(ms).then(() => undefined)]);
  } finally {
    signal.removeEventListener('abort', abort);
    abort();
  }
}
