/**
 * From the spelling of a program to that of a configuration: `onFailure` is `on_failure` there. Pure.
 */

/** Their keys are names that somebody chose. */
const OF_NAMES = new Set(['env', 'labels', 'headers', 'limits']);

/** Plain data in the other spelling; what is undefined is left out. */
export function spell(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(spell);
  if (!isPlain(value)) return value;
  const spelt = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    spelt.map(([key, inner]) => [
      snake(key),
      OF_NAMES.has(key) ? withoutUndefined(inner) : key === 'dependsOn' ? edges(inner) : spell(inner),
    ]),
  );
}

function withoutUndefined(value: unknown): unknown {
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined));
}

function edges(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'string' ? one : nameOf(one)));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, edge]) => [name, spell(edge)]));
}

function nameOf(definition: unknown): unknown {
  return (definition as { readonly name?: unknown } | null)?.name;
}

function snake(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
