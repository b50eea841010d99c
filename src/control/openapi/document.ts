/**
 * The description of the API: an OpenAPI 3.1 document of the table of routes, and of schemas that are made of the types of `protocol.ts`.
 * Pure.
 *
 * It is made when the program is built, and never loaded by one that runs.
 */
import type { ROUTES, Route, Shape } from '../server/routes.ts';
import { bodySchema, fieldSchema } from './field-schemas.ts';

/** A JSON Schema (2020-12). */
export type Schema = Readonly<Record<string, unknown>>;

export interface DocumentParts {
  readonly routes: typeof ROUTES;
  readonly version: string;
  /** Of the types that are exported by `protocol.ts`, and of those that they need. */
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** Throws if a route answers with a type that there is no schema of. */
export function openApiDocument({ routes, version, schemas }: DocumentParts): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) {
    const methods = paths[route.path] ?? {};
    methods[route.method.toLowerCase()] = operationOf(route, schemas);
    paths[route.path] = methods;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'orderly',
      version,
      summary: 'What can be asked of a run.',
      description:
        'HTTP over the Unix socket of a run, which `orderly ls --json` tells; only its user can reach it, and nobody is asked who he is. ' +
        'Over TCP, with `up --listen`, each request but `/livez` and `/readyz` needs the token of the run: without it the status is 401, and 403 by another name of the host or from another origin. ' +
        'Names end with `_ms` where they are milliseconds, on the scale of the run.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://localhost', description: 'Its socket; the name of the host means nothing.' }],
    security: [{}, { token: [] }],
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

function operationOf(route: Route, schemas: DocumentParts['schemas']): Schema {
  const { path, about, query = {}, body, answers } = route;
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...Object.entries(query).map(([name, { type, about: description }]) => ({
      name,
      in: 'query',
      description,
      ...(type === 'flag' && { allowEmptyValue: true }),
      schema: fieldSchema(type),
    })),
  ];
  const responses = Object.entries(answers).map(([status, shape]) => [status, responseOf(shape, schemas)]);
  return {
    operationId: operationId(route),
    summary: about,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: requestBody(body) }),
    responses: { ...Object.fromEntries(responses), default: responseOf({ json: ['ErrorAnswer'] }, schemas) },
  };
}

function operationId({ method, path }: Route): string {
  const words = path.match(/\w+/g) ?? [];
  const named = words.filter((word) => word !== 'v1').map((word) => word[0]!.toUpperCase() + word.slice(1));
  return method.toLowerCase() + named.join('');
}

function requestBody(body: NonNullable<Route['body']>): Schema {
  return {
    required: body === 'request',
    content: { 'application/json': { schema: bodySchema(body) } },
  };
}

function responseOf(shape: Shape, schemas: DocumentParts['schemas']): Schema {
  if ('text' in shape) {
    const schema = { type: shape.text === 'application/json' ? 'object' : 'string' };
    return { description: 'What was asked for.', content: { [shape.text]: { schema } } };
  }
  if ('lines' in shape)
    return {
      description: `Lines, each of which is a JSON value: ${shape.lines}.`,
      content: { 'application/x-ndjson': { schema: reference(shape.lines, schemas) } },
    };
  const [first = '', ...others] = shape.json;
  const schema =
    others.length === 0
      ? reference(first, schemas)
      : { oneOf: shape.json.map((name) => reference(name, schemas)) };
  return { description: shape.json.join(' or '), content: { 'application/json': { schema } } };
}

function reference(name: string, schemas: DocumentParts['schemas']): Schema {
  if (!Object.hasOwn(schemas, name)) throw new Error(`there is no schema of ${name}`);
  return { $ref: `#/components/schemas/${name}` };
}
