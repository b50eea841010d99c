/**
 * Divides a group error (an `AggregateError`, whose errors may be group errors) into the
 * cancellations in it and the rest. The originals are never changed, and the leaves are the
 * very objects that were thrown.
 */
import { isCancelled } from './cancelled-error.ts';

/** `[cancellations, rest]`; a side with nothing in it is undefined. */
export type CancellationSplit = readonly [AggregateError | undefined, AggregateError | undefined];

/**
 * Splits a group error, as `taskGroup` throws it, into its cancellations and the rest, each with the nesting, message
 * and cause of the original, which is not changed. A lone error is treated as a group of one.
 */
export function splitCancellation(error: unknown): CancellationSplit {
  return split(error instanceof AggregateError ? error : new AggregateError([error], messageOf(error)));
}

/** The part of a group error that is not cancellation, or undefined if nothing else is in it. */
export function nonCancelSubgroup(error: unknown): AggregateError | undefined {
  return splitCancellation(error)[1];
}

function split(group: AggregateError): CancellationSplit {
  const cancelled: unknown[] = [];
  const rest: unknown[] = [];
  for (const error of group.errors) {
    if (error instanceof AggregateError) {
      const [inCancelled, inRest] = split(error);
      if (inCancelled !== undefined) cancelled.push(inCancelled);
      if (inRest !== undefined) rest.push(inRest);
    } else {
      (isCancelled(error) ? cancelled : rest).push(error);
    }
  }
  return [derive(group, cancelled), derive(group, rest)];
}

function derive(group: AggregateError, errors: readonly unknown[]): AggregateError | undefined {
  if (errors.length === 0) return undefined;
  const options = 'cause' in group ? { cause: group.cause } : undefined;
  const part = new AggregateError(errors, group.message, options);
  Object.defineProperty(part, 'stack', { value: group.stack, configurable: true, writable: true });
  return part;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
