/**
 * Work that is given so much time, then cut, and then not waited for any longer.
 */
import type { Clock } from '../concurrency/index.ts';

export interface Timed<Result> {
  /** `given-up`: it went on though it was cut. */
  readonly result: Result | 'given-up';
  /** It was cut: its time was over, somebody ended it, or it was cut by itself. */
  readonly isCut: boolean;
}

/** How long what was cut may take to end until nobody waits for it any more. */
const CUT_MS = 250;

/** Resolves soon after its time has passed, whatever it does; an abort of `end` cuts it before. Rejects as the work does. */
export async function withinTime<Result>(
  clock: Clock,
  { withinMs, end }: { readonly withinMs: number; readonly end: AbortSignal },
  work: (signal: AbortSignal, cut: () => void) => Promise<Result>,
): Promise<Timed<Result>> {
  const limit = new AbortController();
  const cut = (): void => limit.abort();
  let timer = clock.at(clock.now() + withinMs, cut);
  end.addEventListener('abort', cut, { once: true });
  const givenUp = new Promise<'given-up'>((resolve) => {
    const waitForEnd = (): void => {
      timer.cancel();
      timer = clock.at(clock.now() + CUT_MS, () => resolve('given-up'));
    };
    limit.signal.addEventListener('abort', waitForEnd, { once: true });
  });
  if (end.aborted) cut();
  try {
    const result = await Promise.race([work(limit.signal, cut), givenUp]);
    return { result, isCut: limit.signal.aborted };
  } finally {
    timer.cancel();
    end.removeEventListener('abort', cut);
  }
}
