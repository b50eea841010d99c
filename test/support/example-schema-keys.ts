/**
 * Which keys a JSON Schema knows, and which of them a document uses. A key is named by where the schema defines it
 * (`service/stop/grace`), so that the same word in two places counts twice.
 */

export interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly default?: unknown;
}

/** Every key that is defined, with its own schema. */
export function definedKeys(root: Schema): ReadonlyMap<string, Schema> {
  const keys = new Map<string, Schema>();
  const walk = (schema: Schema, place: string): void => {
    for (const [key, of] of Object.entries(schema.properties ?? {})) {
      keys.set(`${place}/${key}`, of);
      walk(of, `${place}/${key}`);
    }
    for (const inner of innerSchemas(schema)) walk(inner, place);
  };
  walk(root, '');
  for (const [name, definition] of Object.entries(root.$defs ?? {})) walk(definition, name);
  return keys;
}

/** The keys that a document uses. */
export function usedKeys(root: Schema, document: unknown): ReadonlySet<string> {
  const keys = new Set<string>();
  const walk = (schema: Schema, place: string, value: unknown): void => {
    if (schema.$ref !== undefined) {
      const name = schema.$ref.replace('#/$defs/', '');
      walk(root.$defs?.[name] ?? {}, name, value);
    }
    for (const option of schema.anyOf ?? []) walk(option, place, value);
    if (Array.isArray(value)) for (const item of value) walk(schema.items ?? {}, place, item);
    else if (typeof value === 'object' && value !== null) walkMap(schema, place, Object.entries(value));
  };
  const walkMap = (schema: Schema, place: string, entries: readonly [string, unknown][]): void => {
    for (const [key, inner] of entries) {
      const known = schema.properties?.[key];
      if (known !== undefined) {
        keys.add(`${place}/${key}`);
        walk(known, `${place}/${key}`, inner);
      } else if (typeof schema.additionalProperties === 'object') {
        walk(schema.additionalProperties, place, inner);
      }
    }
  };
  walk(root, '', document);
  return keys;
}

function innerSchemas(schema: Schema): readonly Schema[] {
  const { additionalProperties, anyOf = [], items } = schema;
  return [
    ...anyOf,
    ...(items === undefined ? [] : [items]),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
  ];
}
