/**
 * What is known of the instances that a service has had: numbers that count on, and what the last of them left. Its own life
 * writes it.
 */
import type { Survivor } from '../../events/event.ts';

/** What of an instance outlived SIGKILL. */
export interface Outlived {
  readonly survivors: readonly Survivor[];
  /** Settles when none is alive. Never rejects. */
  readonly gone: Promise<void>;
}

/** An instance that failed before it was ready. */
export interface Miss {
  readonly attempt: number;
  readonly why: string;
}

export interface Past {
  /** The number of its latest instance; 0: it had none. */
  attempt: number;
  /** The oldest instance that the latest one stands in for: what reacts to losses has not lost that. */
  standsInFor: number;
  /** How many have ended, clean-ups included. */
  ends: number;
  /** The last one that was not ready before it failed. */
  missed: Miss | undefined;
  /** The number of the last one that went to the background. */
  inBackground: number;
  /** What had the port that it was to have, as the user was told last. */
  toldHolder: string | undefined;
  /** What of the last one outlived SIGKILL: no other is started beside it. */
  outlived: Outlived | undefined;
  /** What was not clean about the last end. */
  troubles: string[];
}

/** `attempt`: it had such a name before, and so many instances. */
export function pastOf({ attempt = 0, outlived }: Partial<Pick<Past, 'attempt' | 'outlived'>>): Past {
  return {
    attempt,
    standsInFor: 0,
    ends: 0,
    missed: undefined,
    inBackground: 0,
    toldHolder: undefined,
    outlived,
    troubles: [],
  };
}
