/**
 * The tables of what may stand in bodies and queries, as JSON Schemas (2020-12). Pure.
 */
import { type Fields, type FieldType, MOST_CHARACTERS, MOST_COUNT, MOST_WORDS } from '../server/fields.ts';
import { DOWN_BODY, LEASE_BODY, REQUEST_BODIES } from '../server/parse-request.ts';

type Schema = Readonly<Record<string, unknown>>;

const TEXT = { type: 'string', minLength: 1, maxLength: MOST_CHARACTERS };

export function fieldSchema(type: FieldType): Schema {
  if (typeof type !== 'string') return { type: 'string', enum: type };
  switch (type) {
    case 'boolean':
      return { type: 'boolean' };
    case 'flag':
      return { type: 'string', enum: ['', 'true', 'false'] };
    case 'ms':
      return { type: 'number', minimum: 0, maximum: MOST_COUNT };
    case 'count':
      return { type: 'integer', minimum: 0, maximum: MOST_COUNT };
    case 'some':
      return { type: 'integer', minimum: 1, maximum: MOST_COUNT };
    case 'words':
      return { type: 'array', items: TEXT, maxItems: MOST_WORDS };
    case 'text':
      return TEXT;
    case 'any text':
      return { type: 'string' };
  }
}

export function bodySchema(body: 'request' | 'lease' | 'down'): Schema {
  if (body === 'lease') return objectSchema(LEASE_BODY, []);
  if (body === 'down') return objectSchema(DOWN_BODY, []);
  return {
    type: 'object',
    oneOf: REQUEST_BODIES.map(({ kind, fields, needed, oneOf }) => {
      const schema = objectSchema({ ...fields, kind: [kind] }, needed, oneOf);
      return { title: kind, ...schema };
    }),
  };
}

/** `oneOf`: one of these lists must be there, and each that is has something in it. */
function objectSchema(fields: Fields, needed: readonly string[], oneOf: readonly string[] = []): Schema {
  const filled = [...oneOf, ...needed.filter((name) => fields[name] === 'words')];
  const properties = Object.entries(fields).map(([name, type]) => {
    const schema = fieldSchema(type);
    return [name, filled.includes(name) ? { ...schema, minItems: 1 } : schema];
  });
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(needed.length > 0 && { required: needed }),
    ...(oneOf.length > 0 && { anyOf: oneOf.map((name) => ({ required: [name] })) }),
    additionalProperties: false,
  };
}
