import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Template } from '../../../../src/config/types.ts';
import { interpolate } from '../../../../src/config/variables/interpolate.ts';
import { fillTemplate, references, templateText } from '../../../../src/config/variables/template.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const VARIABLES: Readonly<Record<string, string>> = {
  HOST: 'h',
  EMPTY: '',
  PATH_1: '/a:/b',
  DOLLAR: '${HOST}',
};
const variable = (name: string) => (Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined);
const port = { service: 'db', value: 'port' };

const CASES: readonly (readonly [string, Template])[] = [
  ['plain', 'plain'],
  ['', ''],
  ['${HOST}', 'h'],
  ['x${HOST}y${PATH_1}z', 'xhy/a:/bz'],
  ['${EMPTY}', ''],
  ['${EMPTY:-d}', 'd'],
  ['${NONE:-d}', 'd'],
  ['${NONE:-}', ''],
  ['${HOST:-d}', 'h'],
  ['${HOST:?no}', 'h'],
  ['${NONE:-${HOST}/x}', 'h/x'],
  ['${NONE:-${ALSO:-deep}}', 'deep'],
  ['${NONE:-a:b?c}', 'a:b?c'],
  ['$HOST $1 $? $(x) a$', '$HOST $1 $? $(x) a$'],
  ['$$', '$'],
  ['$${HOST}', '${HOST}'],
  ['$$$$', '$$'],
  ['$$HOST', '$HOST'],
  ['${DOLLAR}', '${HOST}'],
  ['^a$|\\d+$', '^a$|\\d+$'],
  ['${db.port}', [port]],
  ['x:${db.port}/${HOST}', ['x:', port, '/h']],
  ['${db.port}${db.port}', [port, port]],
  ['${NONE:-${db.port}}', [port]],
  ['${my-db_1.http-port}', [{ service: 'my-db_1', value: 'http-port' }]],
];

for (const [text, wanted] of CASES) {
  test(`${JSON.stringify(text)} is interpolated`, () => {
    assert.deepEqual(interpolate(text, variable), { template: wanted, problems: [] });
  });
}

const PROBLEMS: readonly (readonly [string, string])[] = [
  ['${NONE}', '${NONE}: the variable NONE is not set'],
  ['a ${NONE:?tell me the host} b', '${NONE:?tell me the host}: tell me the host'],
  ['${EMPTY:?must be there}', '${EMPTY:?must be there}: must be there'],
  ['${NONE:?}', '${NONE:?}: the variable NONE is not set'],
  ['${HOST', '${HOST: its "}" is missing'],
  ['${}', '${}: this form is not known'],
  ['${HOST-x}', '${HOST-x}: this form is not known'],
  ['${HOST:+x}', '${HOST:+x}: this form is not known'],
  ['${HOST%x}', '${HOST%x}: this form is not known'],
  ['${#HOST}', '${#HOST}: this form is not known'],
  ['${1}', '${1}: this form is not known'],
  ['${ HOST }', '${ HOST }: this form is not known'],
  ['${a.b.c}', '${a.b.c}: this form is not known'],
  ['${db.port:-1}', '${db.port:-1}: a value of a service takes no default and no message'],
];

for (const [text, wanted] of PROBLEMS) {
  test(`${JSON.stringify(text)} can't be interpolated, and the sentence says why`, () => {
    const { problems } = interpolate(text, variable);
    assert.deepEqual(
      problems.map(({ expression, why }) => `${expression}: ${why}`),
      [wanted],
    );
  });
}

test("every expression of a text that can't be filled in is named", () => {
  const { problems } = interpolate('${A} ${HOST} ${B} ${C:-${D}}', variable);
  assert.deepEqual(
    problems.map(({ expression }) => expression),
    ['${A}', '${B}', '${D}'],
  );
});

test('a text whose dollars are doubled comes back as it was', () => {
  assertProperty(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', '.', ':', '-') }), (text) => {
      assert.equal(interpolate(text.replaceAll('$', '$$$$'), variable).template, text);
    }),
  );
});

test('a template is filled with values, or names the first one that is missing', () => {
  const { template } = interpolate('a ${db.host}:${db.port} z', variable);
  const all = (values: Readonly<Record<string, string>>) =>
    fillTemplate(template, ({ service, value }) => values[`${service}.${value}`]);
  assert.deepEqual(all({ 'db.host': 'h', 'db.port': '5' }), { ok: true, text: 'a h:5 z' });
  assert.deepEqual(all({ 'db.host': '' }), { ok: false, missing: port });
  assert.deepEqual(
    fillTemplate('plain', () => undefined),
    { ok: true, text: 'plain' },
  );
});

test('a template is shown as it was written', () => {
  const text = 'a ${db.host}:${db.port} z';
  const { template } = interpolate(text, variable);
  assert.equal(templateText(template), text);
  assert.deepEqual(references(template), [{ service: 'db', value: 'host' }, port]);
  assert.deepEqual(references('plain'), []);
});
