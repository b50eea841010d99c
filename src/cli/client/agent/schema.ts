/**
 * The part of JSON Schema in which tools say what they take, and a look at arguments by it. Pure.
 */

export type ValueSchema = { readonly description: string } & (
  | { readonly type: 'string'; readonly minLength?: number; readonly enum?: readonly string[] }
  | { readonly type: 'boolean' }
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'array'; readonly minItems: 1; readonly items: { readonly type: 'string' } }
);

export interface InputSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
}

/** Everything that is wrong with them, a clause each. */
export function problemsOf(
  { properties, required = [] }: InputSchema,
  given: Readonly<Record<string, unknown>>,
): readonly string[] {
  const names = Object.keys(properties);
  return [
    ...required.filter((name) => !Object.hasOwn(given, name)).map((name) => `"${name}" is missing`),
    ...Object.entries(given).flatMap(([name, value]) => {
      if (!Object.hasOwn(properties, name)) return [`there is no ${JSON.stringify(name)}; ${known(names)}`];
      const wanted = wantedBy(properties[name]!, value);
      return wanted === undefined ? [] : [`"${name}" must be ${wanted}`];
    }),
  ];
}

function known(names: readonly string[]): string {
  return names.length === 0 ? 'it takes nothing' : `it takes ${names.join(', ')}`;
}

/** What it must be; undefined: it is. */
function wantedBy(schema: ValueSchema, value: unknown): string | undefined {
  switch (schema.type) {
    case 'string':
      if (schema.enum !== undefined)
        return schema.enum.includes(value as string) ? undefined : `one of ${schema.enum.join(', ')}`;
      return typeof value === 'string' && value.length >= (schema.minLength ?? 0) ? undefined : 'a text';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'integer': {
      const { minimum, maximum } = schema;
      const isOne =
        Number.isSafeInteger(value) && (value as number) >= minimum && (value as number) <= maximum;
      return isOne ? undefined : `a whole number from ${minimum} to ${maximum}`;
    }
    case 'array': {
      const isOne = Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string');
      return isOne ? undefined : 'a list of texts, such as ["api"]';
    }
  }
}
