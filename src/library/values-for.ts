/**
 * What each service may know of others: what those reported that it depends on, directly or through others.
 */
import { allDependencies } from '../config/resolve/references.ts';
import type { Graph } from '../graph/graph.ts';
import type { ServiceReference, ValuesOf } from '../tasks/run-context.ts';
import type { Reported, ServiceBook } from '../tasks/service-book.ts';

/** What somebody outside of the graph may know: of every service that was ever in it, which are these. */
export function createValuesOutside(services: ReadonlySet<string>, book: ServiceBook): ValuesOf {
  return valuesOf(book, (name) =>
    services.has(name) ? undefined : `There are no values of "${name}": it is not in this graph`,
  );
}

export function createValuesFor(inForce: () => Graph, book: ServiceBook): (service: string) => ValuesOf {
  return (service) => {
    const graph = inForce();
    const needed = allDependencies(service, (name) => graph.dependencies(name).map((edge) => edge.service));

    return valuesOf(book, (name) =>
      needed.has(name)
        ? undefined
        : `"${service}" can't have the values of "${name}": it doesn't depend on it`,
    );
  };
}

/** `whyNot`: why somebody can't have those of that service; undefined: nothing speaks against it. */
function valuesOf(book: ServiceBook, whyNot: (service: string) => string | undefined): ValuesOf {
  function maybe<V extends Reported>(of: ServiceReference<V>): V | undefined {
    const name = nameOf(of);
    const refusal = whyNot(name);
    if (refusal !== undefined) throw new Error(refusal);
    return book.reportedBy(name) as V | undefined;
  }

  function values<V extends Reported>(of: ServiceReference<V>): V {
    const reported = maybe(of);
    if (reported !== undefined) return reported;
    throw new Error(`There are no values of "${nameOf(of)}": it has not been ready yet`);
  }

  return Object.assign(values, { maybe });
}

function nameOf(of: ServiceReference<unknown>): string {
  return typeof of === 'string' ? of : of.name;
}
