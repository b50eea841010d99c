/**
 * What a run has come to: collected while it lasts, read at its end.
 *
 * The first failure is the cause; what failed after it is collateral and kept in order.
 */
import type { Exit, Survivor } from '../events/event.ts';
import type { SpawnFailure } from '../process/ports.ts';

export interface Failure {
  readonly service: string;
  readonly why: string;
  /** It decides the exit status: its `on_failure` isn't `ignore`. */
  readonly counts: boolean;
}

export class RunRecord {
  readonly failures: Failure[] = [];
  /** What made the shutdown unclean, a clause each. */
  readonly unclean: string[] = [];
  readonly survivors: Survivor[] = [];
  /** How the last instance of each service ended. */
  readonly exits = new Map<string, Exit>();
  /** Why the last instance of a service could not be spawned; those whose last one was are missing. */
  readonly spawnFailures = new Map<string, SpawnFailure>();
}

export interface Outcome {
  readonly status: number;
  readonly raise: NodeJS.Signals | undefined;
  /** One clause: the first thing that went wrong, or why it ended. */
  readonly cause: string;
}
