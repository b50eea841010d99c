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

/** Says that the service is ready; once. */
// biome-ignore lint/complexity/noBannedTypes: that is what asks whether all of V may be left out
export type Started<V> = {} extends V ? (values?: V) => void : (values: V) => void;

/** What the `run` of a service is given, anew for each instance. */
export interface RunContext<V = Reported> {
  readonly name: string;
  /** The number of this instance, from 1. */
  readonly attempt: number;
  /** Makes it ready, with what those that depend on it need to know. A second call throws. */
  readonly started: Started<V>;
  readonly values: ValuesOf;
  /**
   * Aborts when the service is asked to stop: finish what is under way and return. Its reason is a `ShutdownRequest`;
   * to throw that, or what a platform call makes of it, is a good end too.
   */
  readonly shutdown: AbortSignal;
  /** Aborts when its grace is over. Every waiting call of `orderly/concurrency` then throws a `CancelledError`. */
  readonly signal: AbortSignal;
  /** A sign of life, for `watchdog`. */
  heartbeat(): void;
  /** What it is doing, a clause: told if it never becomes ready. */
  status(text: string): void;
}

/** What a clean-up is given: it runs after the instance has ended, however it ended, shielded. */
export interface CleanupContext<V = Reported> {
  readonly name: string;
  readonly attempt: number;
  /** What the instance reported; undefined: it was never ready. */
  readonly reported: V | undefined;
  /** Why it ended, a clause. */
  readonly reason: string;
  /** What its `run` threw; undefined: nothing. */
  readonly error: unknown;
  /** Aborts at its timeout; so does every waiting call. */
  readonly signal: AbortSignal;
}

/** What a health check is given. */
export interface CheckContext<V = Reported> {
  readonly name: string;
  readonly attempt: number;
  /** What the instance reported. */
  readonly reported: V;
  /** Aborts at its timeout, and when the service stops; so does every waiting call. */
  readonly signal: AbortSignal;
}
