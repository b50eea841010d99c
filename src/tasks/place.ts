/**
 * Where a piece of code is: in which service of which graph, for as long as that runs. What is asked of a graph from inside
 * of it must not wait for whoever asks; and a graph within a service has somebody who asks it to go down.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { ServiceBook } from './service-book.ts';

export interface Place {
  readonly service: string;
  /** One for each graph. */
  readonly book: ServiceBook;
  /** Aborts when the service is asked to stop; undefined in a clean-up or a check. */
  readonly shutdown?: AbortSignal;
}

interface Entered extends Place {
  readonly outer: Entered | undefined;
  isOver: boolean;
}

const storage = new AsyncLocalStorage<Entered>();

/** Calls `fn` in that place, which is left when what it returns has settled. */
export async function inPlace<T>(place: Place, fn: () => T): Promise<Awaited<T>> {
  const entered: Entered = { ...place, outer: storage.getStore(), isOver: false };
  try {
    return await storage.run(entered, fn);
  } finally {
    entered.isOver = true;
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
  for (let place = storage.getStore(); place !== undefined; place = place.outer)
    if (!place.isOver && isIt(place)) return place;
  return undefined;
}
