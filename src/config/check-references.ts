/**
 * A value of another service can be used only by a service that depends on it, directly or through others: else it
 * need not be there when the instance starts.
 */
import { closest } from './closest.ts';
import type { Problem } from './problem.ts';
import type { FoundReference } from './schema-type.ts';
import { subjectOf } from './subject.ts';
import { referenceText } from './template.ts';

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
        return error(
          path,
          `${message}: it has no values before it is started`,
          'Give it the value itself, from a variable for instance',
        );
      }
      if (services.includes(wanted)) {
        return error(
          path,
          `${message}: "${service}" does not depend on "${wanted}"`,
          `Add "${wanted}" to "depends_on" of "${service}"`,
        );
      }
      const near = closest(wanted, services);
      const hint = near === undefined ? `Write $\${ for a literal \${` : `Did you mean "${near}"?`;
      return error(path, `${message}: there is no service "${wanted}"`, hint);
    });
}

/** What is wrong with references outside the entry of a service: all of them. */
export function checkSharedReferences(found: readonly FoundReference[]): readonly Problem[] {
  return found.map(({ reference, path }) =>
    error(
      path,
      `Cannot use "${referenceText(reference)}" in ${subjectOf(path)}: this is for every service, "${reference.service}" included`,
      `Put it into the services that depend on "${reference.service}"`,
    ),
  );
}

function error(path: Problem['path'], message: string, hint: string): Problem {
  return { severity: 'error', message, path, hint };
}
