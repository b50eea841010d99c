/**
 * What the functions of a service are given. Types only.
 */

import { splitErrors } from '../concurrency/index.ts';
import { isA, partOf } from '../concurrency/kernel/errors/thrown.ts';
import type { Reported } from './service-book.ts';

/** A service, by its definition or its name. */
export type ServiceReference<V> = string | { readonly name: string; readonly reports?: V | undefined };

/** What a service may depend on: definitions and names, or names with what their edges are. */
type Needed = readonly ServiceReference<unknown>[] | Readonly<Record<string, unknown>>;

/** A definition as `values` is asked for it. */
type Definition = { readonly name: string; readonly reports?: unknown };

/** What of `D` is a name and no definition. */
type BareNames<D extends Needed> = D extends readonly (infer R)[] ? Extract<R, string> : keyof D & string;

type NamesIn<D extends Needed> = D extends readonly (infer R)[]
  ? BareNames<D> | Exclude<R, string>['name' & keyof Exclude<R, string>]
  : keyof D & string;

/**
 * `unknown` if `S` is in `D`, as it is or by its name; else `never`. A definition whose name is any text to the compiler may
 * be what a bare name stands for.
 */
type IsIn<D extends Needed, S extends Definition> = D extends readonly (infer R)[]
  ? S extends Exclude<R, string>
    ? unknown
    : IsNamed<BareNames<D>, S['name']>
  : IsNamed<BareNames<D>, S['name']>;

type IsNamed<Names extends string, N extends string> = [Names] extends [never]
  ? never
  : string extends N
    ? unknown
    : N extends Names
      ? unknown
      : never;

type ReportsOf<S> = S extends { readonly reports?: infer V } ? Exclude<V, undefined> : Reported;

/**
 * Gives what a service reported that this one depends on: the very objects. Throws if it doesn't depend on that, directly
 * or through others, or if that has reported nothing (yet, where the edge is optional): `maybe` then gives undefined.
 *
 * `D` is the `dependsOn` of the service: what is not in it is refused by the compiler, what this one depends on through
 * others too; name it there.
 */
export interface ValuesOf<D extends Needed = Needed> {
  /** What the service reported that was defined so. */
  <const S extends Definition>(service: S & IsIn<D, S>): ReportsOf<S>;
  /** What the service of that name reported; of what type only you know. */
  <V extends Reported = Reported>(service: NamesIn<D>): V;
  /** The same; undefined: nothing yet. */
  maybe<const S extends Definition>(service: S & IsIn<D, S>): ReportsOf<S> | undefined;
  /** The same, by name. */
  maybe<V extends Reported = Reported>(service: NamesIn<D>): V | undefined;
}

/** Says that the service is ready; once. The values may be left out where all of `V` may. */
// biome-ignore lint/complexity/noBannedTypes: that is what asks whether all of V may be left out
export type Started<V> = {} extends V ? (values?: V) => void : (values: V) => void;

/** What the `run` of a service is given, anew for each instance. */
export interface RunContext<V = Reported, D extends Needed = Needed> {
  readonly name: string;
  /** The number of this instance, from 1. */
  readonly attempt: number;
  /**
   * Makes it ready, with what those that depend on it need to know: anything, by name. Processes get those that are texts,
   * numbers or booleans. A task is ready when it has ended, and calls this only to report. A second call throws.
   */
  readonly started: Started<V>;
  /** Gives what the services reported that this one depends on. */
  readonly values: ValuesOf<D>;
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

// What a function is told that is asked to stop, and how it is known when it comes back.

/**
 * The reason with which the `shutdown` of a service aborts. A `run` that ends by throwing it has obeyed, and has not failed.
 */
export class ShutdownRequest extends Error {
  override readonly name = 'ShutdownRequest';

  constructor(service: string) {
    super(`"${service}" is asked to stop`);
  }
}

/** It is a request, or what platform calls and groups make of one: an `AbortError` with it as its cause, all of a group. */
export function isShutdownRequest(error: unknown): boolean {
  const [requests, others] = splitErrors(error, isRequest);
  return requests !== undefined && others === undefined;
}

/** No honest chain of causes is longer. */
const longestCauseChain = 100;

function isRequest(error: unknown): boolean {
  let cause = error;
  for (let depth = 0; depth < longestCauseChain; depth++) {
    if (isA(cause, ShutdownRequest)) return true;
    if (!isA(cause, Error) || partOf(cause, 'name') !== 'AbortError') return false;
    cause = partOf(cause, 'cause');
  }
  return false;
}
