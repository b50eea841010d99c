/**
 * Signals that ask a program to end, for as long as somebody listens; before and after they mean what they meant.
 */
import type { StopSignal } from './stop-signal.ts';

/** Hands each of them to `listen` until the function that it returns is called, which may be repeated. */
export function listenMeanwhile(
  signals: readonly StopSignal[],
  listen: (signal: StopSignal) => void,
): () => void {
  for (const signal of signals) process.on(signal, listen);
  return () => {
    for (const signal of signals) process.removeListener(signal, listen);
  };
}
