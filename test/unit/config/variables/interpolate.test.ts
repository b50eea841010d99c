import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Template } from '../../../../src/config/types.ts';
import { interpolate, unreadForm } from '../../../../src/config/variables/interpolate.ts';
import { fillTemplate, references, templateText } from '../../../../src/config/variables/template.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const VARIABLES: Readonly<Record<string, string>> = {
  HOST: 'h',
  EMPTY: '',
  PATH_1: '/a:/b',
  DOLLAR: '${HOST}',
};
const names = {
  variable: (name: string) => (Object.hasOwn(VARIABLES, name) ? VARIABLES[name] : undefined),
  isService: (name: string) => name === 'db' || name === 'HOST-db',
};
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
  // Unset, or set and empty: with a colon both are the same.
  ...(['${NONE-d}', '${NONE:-d}', '${EMPTY:-d}'] as const).map((text) => [text, 'd'] as const),
  ['${EMPTY-d}', ''],
  ['${HOST-d}', 'h'],
  ['${EMPTY?no}', ''],
  ['${HOST?no}', 'h'],
  ['${HOST:+then}', 'then'],
  ['${HOST+then}', 'then'],
  ['${EMPTY:+then}', ''],
  ['${EMPTY+then}', 'then'],
  ['${NONE:+then}', ''],
  ['${NONE+then}', ''],
  ['${HOST:+}', ''],
  // A name has dots, colons and underscores; what stands behind the last dot is the value.
  ...(['a.b', 'npm:dev', '_db', 'a.b:c-d.e', 'DB.main', '0.1'] as const).map(
    (service) => [`\${${service}.port}`, [{ service, value: 'port' }]] as const,
  ),
  // What a variable says with a colon and a sign is its default, whatever follows.
  ['${NONE:-db.port}', 'db.port'],
  ['${none:-db.port}', 'db.port'],
  ['${HOST:+a.b}', 'a.b'],
  // The first form counts.
  ['${NONE-a?b}', 'a?b'],
  ['${NONE-a:-b:?c+d}', 'a:-b:?c+d'],
  ['${HOST?a-b}', 'h'],
  ['${HOST+a-b?c}', 'a-b?c'],
  ['${NONE:-/non:-alphanumeric}', '/non:-alphanumeric'],
  ['${NONE-${HOST} ${HOST}}', 'h h'],
  ['${EMPTY:-${HOST} ${HOST}}', 'h h'],
  ['${HOST:+${PATH_1}!}', '/a:/b!'],
  ['${NONE:-${HOST:+x}${EMPTY-y}}', 'x'],
  ['a ${NONE-}b', 'a b'],
  // What is not taken is not looked at.
  ['${HOST:-${NONE}}', 'h'],
  ['${EMPTY:+${NONE}}', ''],
  // Braces in pairs are part of it, whether it is taken or not.
  ['${NONE:-{"a":{"b":1}}}', '{"a":{"b":1}}'],
  ['${HOST:-{"a":{"b":1}}}', 'h'],
  ['${NONE-{}}', '{}'],
  // A name in capitals is a variable, unless there is a service of that name.
  ['${NONE-db.local}', 'db.local'],
  ['${HOST-db.port}', [{ service: 'HOST-db', value: 'port' }]],
  ['${no-db.port}', [{ service: 'no-db', value: 'port' }]],
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
    assert.deepEqual(interpolate(text, names), { template: wanted, problems: [] });
  });
}

const PROBLEMS: readonly (readonly [string, string])[] = [
  ['${NONE}', '${NONE}: the variable NONE is not set'],
  ['a ${NONE:?tell me the host} b', '${NONE:?tell me the host}: tell me the host'],
  ['${EMPTY:?must be there}', '${EMPTY:?must be there}: must be there'],
  ['${NONE:?}', '${NONE:?}: the variable NONE is not set'],
  ['${HOST', '${HOST: its "}" is missing'],
  ['${}', '${}: this form is not known'],
  ['${NONE?tell me}', '${NONE?tell me}: tell me'],
  ['${NONE?}', '${NONE?}: the variable NONE is not set'],
  ['${NONE:?no ${HOST} here}', '${NONE:?no ${HOST} here}: no ${HOST} here'],
  ['${NONE?no ${HOST} here}', '${NONE?no ${HOST} here}: no ${HOST} here'],
  ['${NONE?a-b}', '${NONE?a-b}: a-b'],
  ['${NONE:-{}', '${NONE:-{}: its "}" is missing'],
  ['${HOST!}', '${HOST!}: this form is not known'],
  ['${ }', '${ }: this form is not known'],
  ['${db.port:+1}', '${db.port:+1}: a value of a service takes no default and no message'],
  ['${db.port?x}', '${db.port?x}: a value of a service takes no default and no message'],
  ['${HOST%x}', '${HOST%x}: this form is not known'],
  ['${#HOST}', '${#HOST}: this form is not known'],
  ['${1}', '${1}: this form is not known'],
  ['${ HOST }', '${ HOST }: this form is not known'],
  ['${db.port:-1}', '${db.port:-1}: a value of a service takes no default and no message'],
];

for (const [text, wanted] of PROBLEMS) {
  test(`${JSON.stringify(text)} can't be interpolated, and the sentence says why`, () => {
    const { problems } = interpolate(text, names);
    assert.deepEqual(
      problems.map(({ expression, why }) => `${expression}: ${why}`),
      [wanted],
    );
  });
}

test("every expression of a text that can't be filled in is named", () => {
  const { problems } = interpolate('${A} ${HOST} ${B} ${C:-${D}}', names);
  assert.deepEqual(
    problems.map(({ expression }) => expression),
    ['${A}', '${B}', '${D}'],
  );
});

for (const [text, form] of [
  ...[
    ['$HOME', '$HOME'],
    ['a$b_1/c', '$b_1'],
    ['x $(pwd)', '$('],
    ['~/x', '~/'],
    ['${A:-$B}', '$B'],
    ['$$$A', '$A'],
  ],
  ...[
    ['$$HOME'],
    ['$1'],
    ['a$'],
    ['$'],
    ['${HOME}'],
    ['^a$|b'],
    ['x~/y'],
    ['~'],
    ['~user/x'],
    ['$$(x)'],
    ['5$'],
  ],
] as const) {
  test(`a shell would expand in ${JSON.stringify(text)}: ${form ?? 'nothing'}`, () => {
    assert.equal(unreadForm(text), form);
  });
}

test('a text whose dollars are doubled comes back as it was', () => {
  assertProperty(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'a', '.', ':', '-') }), (text) => {
      assert.equal(interpolate(text.replaceAll('$', '$$$$'), names).template, text);
    }),
  );
});

test('a template is filled with values, or names the first one that is missing', () => {
  const { template } = interpolate('a ${db.host}:${db.port} z', names);
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
  const { template } = interpolate(text, names);
  assert.equal(templateText(template), text);
  assert.deepEqual(references(template), [{ service: 'db', value: 'host' }, port]);
  assert.deepEqual(references('plain'), []);
});
