/** What tools say of themselves is so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from '@modelcontextprotocol/client/validators/ajv';
import fc from 'fast-check';
import { problemsOf } from '../../../../src/cli/client/agent/schema.ts';
import { TOOLS, type Tool } from '../../../../src/cli/client/agent/tools.ts';
import { assertProperty } from '../../../support/assert-property.ts';

const ajv = new Ajv({ strict: true });

test('arguments are good for us where they are good for JSON Schema', () => {
  const value = fc.oneof(
    fc.constantFrom(
      'api',
      '',
      'start',
      'ready',
      'nonsense',
      true,
      null,
      0,
      1,
      -1,
      1.5,
      1000,
      1001,
      1e9,
      1e99,
    ),
    fc.array(fc.constantFrom<unknown>('api', '', 3), { maxLength: 2 }),
    fc.constant({}),
  );
  for (const { name, inputSchema } of TOOLS) {
    const check = ajv.compile(inputSchema);
    const keys = [...Object.keys(inputSchema.properties), 'other', 'toString', '__proto__'];
    const given = fc
      .array(fc.tuple(fc.constantFrom(...keys), value), { maxLength: 3 })
      // As they come: `__proto__` is a key like any other there.
      .map((entries) =>
        JSON.parse(`{${entries.map(([key, one]) => `"${key}":${JSON.stringify(one)}`).join(',')}}`),
      );
    assertProperty(
      fc.property(given, (one) => {
        assert.equal(problemsOf(inputSchema, one).length === 0, check(one), `${name} ${JSON.stringify(one)}`);
      }),
    );
  }
});

test('every problem is told, and says what it takes', () => {
  const schemaOf = (tool: string) => TOOLS.find(({ name }) => name === tool)!.inputSchema;
  assert.deepEqual(problemsOf(schemaOf('wait'), { for: 'gone', timeout_ms: -1, x: 1 }), [
    '"services" is missing',
    '"for" must be one of ready, completed, stopped, healthy',
    '"timeout_ms" must be a whole number from 0 to 3600000',
    'there is no "x"; it takes services, labels, for, any, timeout_ms',
  ]);
  assert.deepEqual(problemsOf(schemaOf('why'), { service: '' }), ['"service" must be a text']);
});

test('what only reads says so; what may end a service says that it destroys', () => {
  const having = (hint: keyof Tool['annotations']): readonly string[] =>
    TOOLS.filter(({ annotations }) => annotations[hint]).map(({ name }) => name);
  assert.deepEqual(having('readOnlyHint'), ['status', 'why', 'logs', 'plan', 'wait']);
  assert.deepEqual(having('destructiveHint'), ['stop', 'restart', 'reload', 'run']);
  assert.ok(!having('idempotentHint').includes('restart'));
  assert.ok(!having('idempotentHint').includes('run'));
  // A command may reach anything.
  assert.deepEqual(having('openWorldHint'), ['run']);
});
