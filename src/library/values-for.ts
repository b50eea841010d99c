/**
 * What each service may know of others: what those reported that it depends on, directly or through others.
 */
import { allDependencies } from '../config/all-dependencies.ts';
import type { Graph } from '../graph/graph.ts';
import type { ServiceReference, ValuesOf } from '../tasks/run-context.ts';
import type { Reported, ServiceBook } from '../tasks/service-book.ts';

export function createValuesFor(graph: Graph, book: ServiceBook): (service: string) => ValuesOf {
  return (service) => {
    const needed = allDependencies(service, (name) => graph.dependencies(name).map((edge) => edge.service));

    function maybe<V extends Reported>(of: ServiceReference<V>): V | undefined {
      const name = typeof of === 'string' ? of : of.name;
      if (!needed.has(name)) {
        throw new Error(`"${service}" can't have the values of "${name}": it doesn't depend on it`);
      }
      return book.reportedBy(name) as V | undefined;
    }

    function values<V extends Reported>(of: ServiceReference<V>): V {
      const reported = maybe(of);
      if (reported !== undefined) return reported;
      const name = typeof of === 'string' ? of : of.name;
      throw new Error(`"${service}" can't have the values of "${name}": it has not been ready yet`);
    }

    return Object.assign(values, { maybe });
  };
}
