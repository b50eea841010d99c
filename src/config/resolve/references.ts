/**
 * A value of another service can be used only by a service that depends on it, directly or through others: else it
 * need not be there when the instance starts.
 */
import { didYouMean } from '../diagnostics/closest.ts';
import { insideIncluded, type Problem, problemAt, subjectOf } from '../diagnostics/problem.ts';
import type { FoundReference } from '../schema/type.ts';
import { referenceText } from '../variables/template.ts';

/** What is wrong with the references in the entry of `service`. */
export function checkReferences(
  service: string,
  found: readonly FoundReference[],
  dependencies: ReadonlySet<string>,
  services: readonly string[],
): readonly Problem[] {
  const told = new Map<FoundReference['path'], Set<string>>();
  return found
    .filter(({ reference, path }) => {
      // Once for each text, however often it stands there.
      const inText = told.get(path) ?? new Set();
      told.set(path, inText);
      const written = referenceText(reference);
      if (inText.has(written)) return false;
      inText.add(written);
      // Its health is checked only when it has told its values.
      const isOwn = reference.service === service && path[2] === 'health';
      return !isOwn && !dependencies.has(reference.service);
    })
    .map(({ reference, path }) => {
      const wanted = reference.service;
      const message = `Cannot use "${referenceText(reference)}" in ${subjectOf(path)}`;
      if (wanted === service) {
        return problemAt(
          path,
          `${message}: it has no values before it is started`,
          'Give it the value itself, from a variable for instance',
        );
      }
      if (services.includes(wanted)) {
        return problemAt(
          path,
          `${message}: "${service}" does not depend on "${wanted}"`,
          `Add "${wanted}" to "depends_on" of "${service}"`,
        );
      }
      const hint = didYouMean(wanted, services) ?? 'Write $${ for a literal ${';
      return problemAt(path, `${message}: there is no service "${wanted}"`, hint);
    });
}

/** What is wrong with references outside the entry of a service: all of them. */
export function checkSharedReferences(found: readonly FoundReference[]): readonly Problem[] {
  return found.map(({ reference, path }) => {
    const { service } = reference;
    const whose = insideIncluded(path) === undefined ? `, "${service}" included` : ' of its file';
    return problemAt(
      path,
      `Cannot use "${referenceText(reference)}" in ${subjectOf(path)}: this is for every service${whose}`,
      `Put it into the services that depend on "${service}"`,
    );
  });
}

/** What a service depends on, directly or through others. It takes cycles, which are found elsewhere. */
export function allDependencies(
  name: string,
  dependsOn: (name: string) => Iterable<string> | undefined,
): ReadonlySet<string> {
  const found = new Set<string>();
  // Without recursion: a chain may be as long as the file.
  const open = [name];
  for (let from = open.pop(); from !== undefined; from = open.pop()) {
    for (const next of dependsOn(from) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      open.push(next);
    }
  }
  return found;
}
