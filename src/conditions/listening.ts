/**
 * One attempt at a health check that doesn't ask but listens: whether anything was heard since the attempt before.
 */
import { sleep } from '../concurrency/index.ts';
import type { Outcome } from './check.ts';

/**
 * What the service wrote before the check was due may still lie in its pipe, after a busy moment of ours above all: it is
 * read first.
 */
const READ_FIRST_MS = 10;

export interface Ear {
  hear(what: string): void;
  /** Was anything heard since it was last asked? */
  attempt(signal: AbortSignal): Promise<Outcome>;
}

/** `silence` is the sentence for an attempt that heard nothing. */
export function createEar(silence: () => string): Ear {
  let heard: string | undefined;
  return {
    hear(what) {
      heard ??= what;
    },
    async attempt() {
      if (heard === undefined) await sleep(READ_FIRST_MS);
      const evidence = heard;
      heard = undefined;
      return evidence === undefined ? { kind: 'not-yet', detail: silence() } : { kind: 'held', evidence };
    },
  };
}
