/**
 * The files that are named, and those that they include, as one document. Pure.
 *
 * The services of included files lie below the files named after the one that includes them, which may change them as any
 * service. Beside it and among each other one name is one service.
 */
import type { Problem } from '../diagnostics/problem.ts';
import { isMap } from '../yaml/document-value.ts';
import type { Included } from './include.ts';
import { hasPath, mergeDocuments, servicesOf, without } from './merge.ts';
import type { SourceDocument } from './origins.ts';

export interface Joined {
  readonly document: unknown;
  /** Of a service that is included: the number of its file, behind those that are named. */
  readonly owners: ReadonlyMap<string, number>;
  readonly problems: readonly Problem[];
}

/** `by`: the number of the named file that includes. */
export function joinFiles(
  named: readonly SourceDocument[],
  { documents, by }: Pick<Included, 'documents' | 'by'>,
): Joined {
  const values = named.map(({ value }) => value);
  if (by === -1) return { document: mergeDocuments(values), owners: new Map(), problems: [] };
  const including = mergeDocuments(values.slice(0, by + 1));
  const problems: Problem[] = [];
  const owners = new Map<string, number>();
  const services: (readonly [string, unknown])[] = [];
  for (const [index, { file, value }] of documents.entries()) {
    for (const [name, entry] of Object.entries(servicesOf(value))) {
      const other = owners.get(name);
      if (other === undefined) {
        owners.set(name, named.length + index);
        services.push([name, entry]);
      } else problems.push(twice(name, file, documents[other - named.length]!.file));
    }
  }
  for (const name of Object.keys(servicesOf(including))) {
    const owner = owners.get(name);
    if (owner === undefined) continue;
    const mine = named.slice(0, by + 1).findLast(({ value }) => hasPath(value, ['services', name]));
    problems.push(twice(name, mine!.file, documents[owner - named.length]!.file));
  }
  const base = isMap(including) ? including : {};
  const isOwnUsable = (base.services ?? null) === null || isMap(base.services);
  const together = isOwnUsable
    ? { ...base, services: Object.fromEntries([...services, ...Object.entries(servicesOf(base))]) }
    : base;
  const document = mergeDocuments([together, ...values.slice(by + 1)]);
  return { document: isMap(document) ? without(document, 'include') : document, owners, problems };
}

function twice(name: string, file: string, other: string): Problem {
  const path = ['services', name];
  return {
    ...{ severity: 'error', path, file, atKey: true },
    message: `Service "${name}" is in an included file too: one name is one service`,
    hint: 'Rename one of them; a file named later with -f, or supervisor.override.yaml, may change an included service',
    trail: [{ path, file: other, message: `"${name}" of the other file` }],
  };
}
