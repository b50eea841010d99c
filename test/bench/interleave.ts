/**
 * Measures several contenders in turn, A B A B: what disturbs the machine for a while disturbs all of them.
 */

export async function interleave<Name extends string, T>(
  repetitions: number,
  contenders: Readonly<Record<Name, () => Promise<T>>>,
): Promise<Readonly<Record<Name, readonly T[]>>> {
  const names = Object.keys(contenders) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, [] as T[]])) as Record<Name, T[]>;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const name of names) results[name].push(await contenders[name]());
  }
  return results;
}
