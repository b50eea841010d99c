/**
 * What a service reported with `started(values)`: texts by name. The names are its own: `toString` and `__proto__` are
 * names like others, and nothing is there that it didn't report.
 */
export type Values = Readonly<Record<string, string>>;

/** Undefined: it was not reported. */
export function reportedValue(values: Values, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
