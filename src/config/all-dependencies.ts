/**
 * Everything behind a service. Pure; it takes cycles, which are found elsewhere.
 */

/** What a service depends on, directly or through others. */
export function allDependencies(
  name: string,
  dependsOn: (name: string) => Iterable<string> | undefined,
): ReadonlySet<string> {
  const found = new Set<string>();
  const add = (from: string) => {
    for (const next of dependsOn(from) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      add(next);
    }
  };
  add(name);
  return found;
}
