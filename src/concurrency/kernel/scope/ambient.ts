/**
 * What every piece of code is silently given: the scope it runs in and the clock it lives by.
 * One `AsyncLocalStorage` carries both; nothing else in the kernel is ambient.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../clock/clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { CancelNode } from './cancel-node.ts';

/** The surroundings of a piece of code; the scope is undefined outside any. */
export interface Ambient {
  readonly scope: CancelNode | undefined;
  readonly clock: Clock;
}

const storage = new AsyncLocalStorage<Ambient>();

/** The surroundings of the caller, undefined where nothing has set any. */
export function ambient(): Ambient | undefined {
  return storage.getStore();
}

/** The clock of the caller. */
export function ambientClock(): Clock {
  return storage.getStore()?.clock ?? systemClock;
}

/** Calls `fn(argument)` in other surroundings. */
export function runWith<A, R>(surroundings: Ambient, fn: (argument: A) => R, argument: A): R {
  return storage.run(surroundings, fn, argument);
}

/** Milliseconds of the ambient clock, from an origin of its own: only differences mean something. */
export function now(): number {
  return ambientClock().now();
}

/**
 * Calls `fn` with `clock` as the ambient clock of everything that it starts, and returns what it returns. The scope
 * stays the same; scopes that were entered before keep the clock that they had.
 */
export function withClock<R>(clock: Clock, fn: () => R): R {
  return storage.run({ scope: storage.getStore()?.scope, clock }, fn);
}
