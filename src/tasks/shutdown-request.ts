/**
 * What a function is told that is asked to stop, and how it is known when it comes back.
 */

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
  if (error instanceof AggregateError)
    return error.errors.length > 0 && error.errors.every(isShutdownRequest);
  if (error instanceof ShutdownRequest) return true;
  return error instanceof Error && error.name === 'AbortError' && isShutdownRequest(error.cause);
}
