/**
 * Divides a group error (an `AggregateError`, whose errors may be group errors) in two, by what is in it: a class of
 * errors, or the cancellations. The originals are never changed, and the leaves are the very objects that were thrown.
 */
import { leftOfGroup, partOfGroup } from './group-error.ts';
import { isCancelled } from './own-errors.ts';
import { errorsOf, isA, messageOf } from './thrown.ts';

/** `[matched, rest]`; a side with nothing in it is undefined. */
export type ErrorSplit = readonly [matched: AggregateError | undefined, rest: AggregateError | undefined];

/** A class of errors. */
export type ErrorClass = abstract new (...parameters: never[]) => unknown;

/**
 * Splits a group error, as `taskGroup` throws it, into the errors of a class, or those that a function says true of,
 * and the rest: each with the nesting, message and cause of the original, which is not changed. What is asked for is
 * each error that is no group; a subclass of `AggregateError` is looked for among the groups, which stay whole. A lone
 * error is treated as a group of one.
 */
export function splitErrors(error: unknown, kind: ErrorClass | ((error: unknown) => boolean)): ErrorSplit {
  if (!isClass(kind)) return split(error, { matches: kind });
  const ofGroups = kind === AggregateError || isA(kind.prototype, AggregateError);
  const matches = (one: unknown): boolean => isA(one, kind);
  return split(error, ofGroups ? { matches, matchesGroup: matches } : { matches });
}

interface Division {
  readonly matches: (error: unknown) => boolean;
  /** Groups that are not taken apart; by default all are. */
  readonly matchesGroup?: ((group: AggregateError) => boolean) | undefined;
  /** The message of the rest tells of the rest; by default it is that of the original. */
  readonly tellsRest?: boolean | undefined;
}

function split(error: unknown, division: Division): ErrorSplit {
  const errors = errorsIn(error);
  const lone = (): AggregateError => new AggregateError([error], messageOf(error));
  const group = errors === undefined ? lone() : (error as AggregateError);
  return new Splitter(division).split(group, errors ?? [error], 0);
}

/** An empty group is an error by itself: `Promise.any([])` throws one. */
function errorsIn(error: unknown): readonly unknown[] | undefined {
  const errors = errorsOf(error);
  return errors?.length === 0 ? undefined : errors;
}

/** Beyond that a group counts as one error, as does one that is in itself. */
const deepest = 1000;

class Splitter {
  readonly #division: Division;
  /** A group may be in several others; undefined: it is being looked at. */
  readonly #seen = new Map<AggregateError, ErrorSplit | undefined>();
  readonly #matched: unknown[] = [];

  constructor(division: Division) {
    this.#division = division;
  }

  split(group: AggregateError, errors: readonly unknown[], depth: number): ErrorSplit {
    const { matches, matchesGroup } = this.#division;
    if (matchesGroup?.(group) === true) return [group, undefined];
    this.#seen.set(group, undefined);
    const matched: unknown[] = [];
    const rest: unknown[] = [];
    for (const error of errors) {
      const parts = this.#splitInner(error, depth + 1);
      if (parts === undefined) {
        const isMatch = matches(error);
        (isMatch ? matched : rest).push(error);
        if (isMatch) this.#matched.push(error);
        continue;
      }
      if (parts[0] !== undefined) matched.push(parts[0]);
      if (parts[1] !== undefined) rest.push(parts[1]);
    }
    const parts = this.#partsOf(group, matched, rest);
    this.#seen.set(group, parts);
    return parts;
  }

  /** What is all on one side stays the very object, of whatever class. */
  #partsOf(group: AggregateError, matched: readonly unknown[], rest: readonly unknown[]): ErrorSplit {
    if (matched.length === 0) return [undefined, group];
    if (rest.length === 0) return [group, undefined];
    const left =
      this.#division.tellsRest === true ? leftOfGroup(group, rest, this.#matched) : partOfGroup(group, rest);
    return [partOfGroup(group, matched), left];
  }

  /** Undefined: it counts as one error. */
  #splitInner(error: unknown, depth: number): ErrorSplit | undefined {
    const errors = errorsIn(error);
    if (errors === undefined || depth > deepest) return undefined;
    const group = error as AggregateError;
    return this.#seen.has(group) ? this.#seen.get(group) : this.split(group, errors, depth);
  }
}

/** A class, of the language or of a program that makes them by hand; any other function is asked. */
function isClass(kind: ErrorClass | ((error: unknown) => boolean)): kind is ErrorClass {
  if (kind === Error || isA(kind.prototype, Error)) return true;
  return Object.getOwnPropertyDescriptor(kind, 'prototype')?.writable === false;
}

/** `[cancellations, rest]`; a side with nothing in it is undefined. */
export type CancellationSplit = readonly [AggregateError | undefined, AggregateError | undefined];

/**
 * Splits a group error, as `taskGroup` throws it, into its cancellations and the rest, each with the nesting, message
 * and cause of the original, which is not changed. A lone error is treated as a group of one.
 */
export function splitCancellation(error: unknown): CancellationSplit {
  return split(error, { matches: isCancelled });
}

/** The part of a group error that is not cancellation, or undefined if nothing else is in it. */
export function nonCancelSubgroup(error: unknown): AggregateError | undefined {
  return splitCancellation(error)[1];
}

/** The same as `splitCancellation`, as a scope lets it pass: the message of the rest tells of what is left. */
export function withoutCancellations(error: AggregateError): CancellationSplit {
  return split(error, { matches: isCancelled, tellsRest: true });
}
