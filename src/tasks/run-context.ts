/**
 * What the functions of a service are given. Types only.
 */
import type { Reported } from './service-book.ts';

/** A service, by its definition or its name. */
export type ServiceReference<V> = string | { readonly name: string; readonly reports?: V };

/**
 * Gives what a service reported that this one depends on, directly or through others: the very objects. Throws if it
 * isn't one of those, or has reported nothing (yet, where the edge is optional): `maybe` then gives undefined.
 */
export interface ValuesOf {
  <V extends Reported = Reported>(service: ServiceReference<V>): V;
  maybe<V extends Reported = Reported>(service: ServiceReference<V>): V | undefined;
}

/** Says that the service is ready; once. The values may be left out where all of `V` may. */
// biome-ignore lint/complexity/noBannedTypes: that is what asks whether all of V may be left out
export type Started<V> = {} extends V ? (values?: V) => void : (values: V) => void;

/** What the `run` of a service is given, anew for each instance. */
export interface RunContext<V = Reported> {
  readonly name: string;
  /** The number of this instance, from 1. */
  readonly attempt: number;
  /**
   * Makes it ready, with what those that depend on it need to know: anything, by name. Processes get those that are texts,
   * numbers or booleans. A task is ready when it has ended, and calls this only to report. A second call throws.
   */
  readonly started: Started<V>;
  /** Gives what the services reported that this one depends on. */
  readonly values: ValuesOf;
  /**
   * Aborts when the service is asked to stop: finish what is under way and return. Its reason is a `ShutdownRequest`;
   * to throw that, or what a platform call makes of it, is a good end too.
   */
  readonly shutdown: AbortSignal;
  /**
   * Aborts when its grace is over. Every waiting call of `orderlyd/concurrency` in it then throws a `CancelledError`; let it
   * pass.
   */
  readonly signal: AbortSignal;
  /** A sign of life, for `watchdog`. It does nothing once the instance has ended. */
  heartbeat(): void;
  /**
   * What it is doing, a clause: told if it never becomes ready. It stands in the status of the graph and in its report, as
   * data, with the numbers that are given.
   */
  status(text: string, numbers?: Readonly<Record<string, number>> | undefined): void;
}

/** What a clean-up is given: it runs after the instance has ended, however it ended, shielded. */
export interface CleanupContext<V = Reported> {
  readonly name: string;
  /** The number of the instance that has ended. */
  readonly attempt: number;
  /** What the instance reported; undefined: it was never ready. */
  readonly reported: V | undefined;
  /** Why it ended, a clause. */
  readonly reason: string;
  /** What its `run` threw; undefined: nothing. */
  readonly error: unknown;
  /**
   * Aborts at its timeout, or when a third signal cuts the clean-ups short; every waiting call in it then throws a
   * `CancelledError`. If it doesn't end then, it is left to itself.
   */
  readonly signal: AbortSignal;
}

/** What a health check is given. */
export interface CheckContext<V = Reported> {
  readonly name: string;
  /** The number of the instance that is checked. */
  readonly attempt: number;
  /** What the instance reported. */
  readonly reported: V;
  /**
   * Aborts at its timeout, and when the service stops; every waiting call in it then throws a `CancelledError`. If it
   * doesn't end then, it is left to itself.
   */
  readonly signal: AbortSignal;
}
