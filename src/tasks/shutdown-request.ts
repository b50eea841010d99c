/**
 * What a function is told that is asked to stop, and how it is known when it comes back.
 */
import { splitErrors } from '../concurrency/index.ts';
import { isA, partOf } from '../concurrency/kernel/errors/thrown.ts';

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
