/**
 * The description of the API says what there is: the routes of the table, and of bodies and queries just what they are taken for.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { openApiDocument } from '../../../src/control/openapi/document.ts';
import { bodySchema, fieldSchema } from '../../../src/control/openapi/field-schemas.ts';
import { parseQuery } from '../../../src/control/server/parse-query.ts';
import { parseDown, parseLease, parseRequest } from '../../../src/control/server/parse-request.ts';
import { findRoute, ROUTES } from '../../../src/control/server/routes.ts';
import { readApiDocument } from '../../support/api-document.ts';
import { bodiesOf } from '../../support/api-questions.ts';
import { assertProperty } from '../../support/assert-property.ts';
import { repositoryRoot } from '../../support/repository-root.ts';

const text = readFileSync(join(repositoryRoot(), 'dist/openapi.json'), 'utf8');
const document = readApiDocument(text);
const signals = new Set(Object.keys(constants.signals));

suite('the document of the API', () => {
  test('is OpenAPI 3.1, of this version, and describes each route once', async () => {
    assert.deepEqual(await new Validator().validate(JSON.parse(text)), { valid: true });
    const { version } = JSON.parse(readFileSync(join(repositoryRoot(), 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    const { openapi, info, paths } = JSON.parse(text) as {
      readonly openapi: string;
      readonly info: { readonly version: string };
      readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
    };
    assert.deepEqual([openapi, info.version], ['3.1.0', version]);
    assert.deepEqual(
      document.operations.map(({ method, path }) => `${method} ${path}`).sort(),
      ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
    );
    const ids = Object.values(paths).flatMap((methods) =>
      Object.values(methods).map((one) => one.operationId),
    );
    assert.equal(new Set(ids).size, ROUTES.length);
  });

  test('a route that answers with a type that is not there is a bug', () => {
    assert.throws(
      () => openApiDocument({ routes: ROUTES, version: '1.0.0', schemas: {} }),
      /no schema of \w+/,
    );
  });

  test('a body of a request is taken if, and only if, it is described', () => {
    const schema = bodySchema('request');
    assertProperty(
      fc.property(bodiesOf(document, schema), (body) => {
        const parsed = parseRequest(body, signals);
        const problems = parsed.ok ? [] : parsed.problems;
        const isDescribed = document.isValid(schema, body);
        // Which signals there are is the system's affair.
        const isRefused = problems.some((one) => !one.startsWith('there is no signal'));
        assert.equal(isRefused, !isDescribed, `${problems.join('; ')}: ${JSON.stringify(body)}`);
      }),
      { numRuns: 2_000 },
    );
  });

  for (const [kind, parse] of [
    ['down', parseDown],
    ['lease', parseLease],
  ] as const) {
    test(`a body of ${kind} is taken if, and only if, it is described; it may be left out`, () => {
      const schema = bodySchema(kind);
      assert.ok(parse(undefined).ok);
      assertProperty(
        fc.property(bodiesOf(document, schema), (body) => {
          assert.equal(parse(body).ok, document.isValid(schema, body), JSON.stringify(body));
        }),
        { numRuns: 1_000 },
      );
    });
  }

  test('a text has as many characters as JSON Schema counts', () => {
    const of = (id: string) => parseRequest({ kind: 'reload', id }, signals).ok;
    assert.deepEqual([of('😀'.repeat(200)), of('😀'.repeat(201)), of('')], [true, false, false]);
    assert.ok(document.isValid(fieldSchema('text'), '😀'.repeat(200)));
  });
});

suite('a query', () => {
  const fields = {
    since: { type: 'count', about: '' },
    follow: { type: 'flag', about: '' },
    name: { type: 'words', about: '' },
    grep: { type: 'any text', about: '' },
  } as const;
  const read = (query: string) => {
    const parsed = parseQuery(fields, new URLSearchParams(query), 'this');
    return parsed.ok ? [...parsed.query].map((pair) => pair.join('=')).join(' ') : parsed.problems.join('; ');
  };

  for (const [query, expected] of [
    ['', ''],
    ['follow', 'follow='],
    ['follow=true&since=7', 'follow=true since=7'],
    ['follow=false', ''],
    ['follow=0', '"follow" must be true, false or nothing'],
    ['name=a&name=b', 'name=a name=b'],
    ['name=', '"name" must be a list of at most 1000 texts of 1 to 200 characters'],
    ['grep=', 'grep='],
    ['since=', '"since" must be a whole number, from 0 on'],
    ['since=1e3', '"since" must be a whole number, from 0 on'],
    ['since=9007199254740993', '"since" must be a whole number, from 0 on'],
    ['since=1&since=1', '"since" is given 2 times'],
    ['folow', '"folow" means nothing for this'],
    ['__proto__=1', '"__proto__" means nothing for this'],
    ['constructor=1&x=', '"constructor" means nothing for this; "x" means nothing for this'],
  ] as const)
    test(`${JSON.stringify(query)} is ${JSON.stringify(expected)}`, () =>
      assert.equal(read(query), expected));
});

test('a path is that of a route, of another method, or of none', () => {
  const kind = (method: string, path: string): string => {
    const found = findRoute(method, path);
    return found.kind === 'found' ? JSON.stringify(found.path) : found.kind;
  };
  assert.equal(kind('GET', '/v1/services/a%2Fb/why'), '{"name":"a/b"}');
  assert.equal(kind('GET', '/v1/services/%ff/why'), 'none');
  assert.equal(kind('GET', '/v1/requests/'), '{"id":""}');
  assert.equal(kind('DELETE', '/v1/run'), 'wrong-method');
  assert.equal(kind('GET', '/v1/run/'), 'none');
});
