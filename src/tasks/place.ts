/**
 * Where a piece of code is: in which service of which graph, for as long as that runs. What is asked of a graph from inside
 * of it must not wait for whoever asks; and a graph within a service has somebody who asks it to go down.
 *
 * It is known by the scopes around the code, and costs nothing until it is asked for.
 */
import { ambient } from '../concurrency/kernel/scope/ambient.ts';
import type { CancelNode } from '../concurrency/kernel/scope/cancel-node.ts';
import type { ServiceBook } from './service-book.ts';

export interface Place {
  readonly service: string;
  /** One for each graph. */
  readonly book: ServiceBook;
  /** Aborts when the service is asked to stop; undefined in a clean-up or a check. */
  readonly shutdown?: AbortSignal;
}

const places = new WeakMap<CancelNode, Place>();

/** Calls `fn` and says that the scope of the caller is in that place, until what `fn` returns has settled. */
export async function inPlace<T>(place: Place, fn: () => T): Promise<Awaited<T>> {
  const scope = ambient()?.scope;
  if (scope === undefined) throw new Error(`"${place.service}" is in no scope`);
  places.set(scope, place);
  try {
    return await fn();
  } finally {
    places.delete(scope);
  }
}

/** The service that the caller is in; undefined: none, or one that is over. */
export function placeOfCaller(): Place | undefined {
  return around(() => true);
}

/** Whether the caller is in a service of that graph, directly or within a graph of a service. */
export function isInside(book: ServiceBook): boolean {
  return around((place) => place.book === book) !== undefined;
}

function around(isIt: (place: Place) => boolean): Place | undefined {
  for (let scope = ambient()?.scope; scope !== undefined; scope = scope.parent) {
    const place = places.get(scope);
    if (place !== undefined && isIt(place)) return place;
  }
  return undefined;
}
