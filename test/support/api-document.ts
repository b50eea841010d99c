/**
 * The description of the API as a measure: whether an answer is one that it describes, word for word, and what it lets be asked.
 */
import assert from 'node:assert/strict';
import { Ajv2020, type AnySchema, type ValidateFunction } from 'ajv/dist/2020.js';

type Json = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly schema: Json;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Of its body; undefined: it takes none. */
  readonly body: Json | undefined;
  readonly statuses: readonly string[];
}

export interface ApiAnswer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface ApiDocument {
  readonly operations: readonly Operation[];
  /** Fails if it describes no such answer; undefined: of nothing that it describes, an error then. */
  assertAnswer(operation: Operation | undefined, answer: ApiAnswer): void;
  isValid(schema: Json, value: unknown): boolean;
}

interface DescribedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> };
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: Json }>> }>
  >;
}

export function readApiDocument(text: string): ApiDocument {
  const document = JSON.parse(text) as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
    readonly components: { readonly schemas: Json };
  };
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const components = { schemas: closed(document.components.schemas) as AnySchema };
  ajv.addSchema({ $id: 'http://orderly/api', components }, 'http://orderly/api');
  const compiled = new Map<string, ValidateFunction>();
  const validator = (schema: Json): ValidateFunction => {
    const key = JSON.stringify(schema);
    const known =
      compiled.get(key) ?? ajv.compile(JSON.parse(key.replaceAll('"#/', '"http://orderly/api#/')));
    compiled.set(key, known);
    return known;
  };
  const assertFits = (schema: Json, value: unknown, about: string): void => {
    const fits = validator(schema);
    assert.ok(fits(value), `${about}: ${ajv.errorsText(fits.errors)} in ${JSON.stringify(value)}`);
  };

  return {
    operations: Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]) => ({
        ...{ method: method.toUpperCase(), path, parameters },
        body: requestBody?.content['application/json']?.schema,
        statuses: Object.keys(responses),
      })),
    ),
    assertAnswer(operation, { status, type, text }) {
      const about = `${operation?.method} ${operation?.path}: ${status}`;
      const responses =
        operation && document.paths[operation.path]?.[operation.method.toLowerCase()]?.responses;
      const described = responses?.[status] ?? responses?.default;
      const content = described?.content ?? {
        'application/json': { schema: { $ref: '#/components/schemas/ErrorAnswer' } },
      };
      const schema = content[type]?.schema;
      assert.ok(schema !== undefined, `${about}: nothing is said of ${type}: ${text}`);
      if (type === 'application/json') assertFits(schema, JSON.parse(text), about);
      else if (type === 'application/x-ndjson')
        for (const line of text.split('\n').slice(0, -1)) assertFits(schema, JSON.parse(line), about);
      else assertFits(schema, text, about);
    },
    isValid: (schema, value) => validator(schema)(value),
  };
}

/** The same, with objects that hold nothing more than what is said of them. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isOpen = 'properties' in inner && inner.type === 'object' && inner.additionalProperties === undefined;
  return isOpen ? { ...inner, additionalProperties: false } : inner;
}
