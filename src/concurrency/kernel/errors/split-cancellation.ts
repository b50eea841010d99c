/**
 * The cancellations in a group error, and the rest of it.
 */
import { isCancelled } from './cancelled-error.ts';
import { split } from './split-errors.ts';

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

/** The same, as a scope lets it pass: its message tells of what is left. */
export function withoutCancellations(error: AggregateError): CancellationSplit {
  return split(error, { matches: isCancelled, tellsRest: true });
}
