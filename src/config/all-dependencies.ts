/**
 * Everything behind a service. Pure; it takes cycles, which are found elsewhere.
 */

/** What a service depends on, directly or through others. */
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
