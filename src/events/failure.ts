/**
 * What is known of a failure, as data: told with `service.failed`, and at the end of a run that failed.
 *
 * Types only, in the spelling of events.
 */
import type { ExitFact } from './exit-fact.ts';

/** By this, and not by words, is told what kind it was. */
export type FailureKind =
  | 'command-not-found'
  | 'not-executable'
  /** It could not be started for another reason, which the cause tells. */
  | 'not-started'
  /** A value that it needs was not reported by the service it comes from. */
  | 'value-missing'
  /** A command that runs before it failed, or did not end in time. */
  | 'before-failed'
  /** It ended before it was ready. */
  | 'exited-early'
  | 'exited'
  /** The deadline of its readiness passed. */
  | 'not-ready'
  /** Its readiness can't come any more: it closed its notify channel without a word, or asked for what can't be. */
  | 'never-ready'
  /** Health checks or the watchdog tripped. */
  | 'unhealthy'
  /** What it depends on was not there within the edge's timeout. */
  | 'dependency-late'
  /** What of its last instance outlived SIGKILL doesn't end: none is started beside it. */
  | 'outlived'
  /** The end of a run was not clean: these five are never told with `service.failed`. */
  | 'killed'
  /** It could not even be asked: its process may not be signalled. */
  | 'not-signalled'
  | 'stop-failed'
  | 'cleanup-failed'
  | 'left-behind';

/** What is known of how a service failed; times in milliseconds. */
export interface FailureFacts {
  readonly kind: FailureKind;
  /** How its last instance ended by itself; missing if it didn't. */
  readonly exit?: ExitFact;
  /** How long the last instance ran until then. */
  readonly uptime_ms?: number;
  /**
   * Restarts that counted: those in a row, without a time of being ready long enough; or those within the window of its
   * restart policy, which is `within_ms`, if they were more.
   */
  readonly restarts?: { readonly used: number; readonly within_ms?: number };
  /** What has the port that it waited to have: "process 4711 (node old.js)". */
  readonly held_by?: string;
  /** Of what had to be killed while everything went down: what gave it no more time; missing: it was told to end at once. */
  readonly limit?: KillLimit;
}

/** What gave a service no more time to stop. */
export interface KillLimit {
  /** The settings that would have to be raised, all of them. */
  readonly settings: readonly string[];
  /** With a budget of so many milliseconds every grace is granted whole; of a budget. */
  readonly whole_ms?: number;
  /** What had to stop before it, and used up much of the budget. */
  readonly slow?: SlowStop;
}

/** A service, and how long it took to stop, in milliseconds. */
export interface SlowStop {
  readonly service: string;
  readonly took_ms: number;
}

/** What went down because of it. */
export interface Fallen {
  readonly service: string;
  readonly how: 'stopped' | 'killed' | 'failed' | 'skipped';
  /** Why it was killed or skipped, or what it failed of. */
  readonly because?: string;
  readonly exit?: ExitFact;
}

/** Something that it depends on was lost while it ran, so many milliseconds before it failed. */
export interface EarlierLoss {
  readonly service: string;
  /** A clause fit after its name. */
  readonly what: string;
  readonly before_ms: number;
}

/** What a run failed of, with all that is known of it. */
export interface FailureReport extends FailureFacts {
  /** Empty: of none that could be told. */
  readonly service: string;
  /** A clause fit after the service's name and "failed: ". */
  readonly cause: string;
  /** Instances that it had; the last one is the one told of. */
  readonly attempts: number;
  /** The last lines that the last instance wrote. */
  readonly output: readonly string[];
  /** What it depends on and lost shortly before, the latest first. */
  readonly earlier: readonly EarlierLoss[];
  /** In the order of their ends. */
  readonly fell: readonly Fallen[];
  /** What to do about it, one sentence. */
  readonly advice: string;
}
