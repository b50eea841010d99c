/**
 * What is to be done about a dependency that a service takes over from a service of another file, and that is no service
 * here. Pure.
 */
import { basename } from 'node:path';
import type { Problem } from '../diagnostics/problem.ts';
import { isMap } from '../yaml/document-value.ts';
import { servicesOf } from './merge.ts';
import type { ChainOf } from './origins.ts';

/** The same problems; those of such edges with their remedy. `document`: all files together. */
export function withEdgeRemedies(
  problems: readonly Problem[],
  document: unknown,
  chainOf: ChainOf,
): readonly Problem[] {
  return problems.map((problem) => {
    const [first, dependent, key, dependency, ...rest] = problem.path;
    const isEdge = first === 'services' && key === 'depends_on' && rest.length === 0;
    if (!isEdge || typeof dependent !== 'string' || typeof dependency !== 'string') return problem;
    if (Object.hasOwn(servicesOf(document), dependency)) return problem;
    const from = chainOf(dependent).findLast(({ entry }) => names(entry, dependency));
    if (from?.file === undefined) return problem;
    const hint = `"${dependent}" takes it over from "${from.service}" of "${basename(from.file)}": add a service "${dependency}" here, or give "${dependent}" its own "depends_on"`;
    return { ...problem, hint };
  });
}

/** Whether the entry of a service says that it depends on that one. */
function names(entry: unknown, dependency: string): boolean {
  const written = isMap(entry) ? entry.depends_on : undefined;
  return isMap(written) ? Object.hasOwn(written, dependency) : [written].flat().includes(dependency);
}
