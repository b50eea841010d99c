import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayCommand, fillCommand } from '../../../../src/conditions/kinds/command.ts';
import { fill } from '../probing.ts';

test('every text of a command is filled in', () => {
  const port = { service: 'db', value: 'port' };
  assert.deepEqual(fillCommand({ kind: 'exec', argv: ['nc', '-z', ['localhost:', port]] }, fill), {
    kind: 'exec',
    argv: ['nc', '-z', 'localhost:<db.port>'],
  });
  assert.deepEqual(fillCommand({ kind: 'shell', script: 'test -n x' }, fill), {
    kind: 'shell',
    script: 'test -n x',
  });
});

const table: readonly [script: string, shown: string][] = [
  ['pg_isready', 'pg_isready'],
  ['  test -f a \\\n  && test -f b\n', 'test -f a \\ && test -f b'],
  ['x'.repeat(80), 'x'.repeat(80)],
  ['x'.repeat(81), `${'x'.repeat(79)}…`],
];

for (const [script, shown] of table) {
  test(`the script ${JSON.stringify(script)} is shown as ${JSON.stringify(shown)}`, () => {
    assert.equal(displayCommand({ kind: 'shell', script }), shown);
  });
}

test('a value in a text for the shell is its parameter, and is shown as what it is', () => {
  const port = { service: 'db', value: 'port' };
  const parameters = { ORDERLY_VALUE_1: '<db.port>' };
  const script = 'test -n "${ORDERLY_VALUE_1}"';
  const text = fillCommand({ kind: 'shell', script: ['test -n ', port] }, fill);
  assert.deepEqual(text, { kind: 'shell', script, parameters, shown: 'test -n <db.port>' });
  const list = fillCommand({ kind: 'exec', argv: ['sh', '-c', ['test -n ', port]] }, fill);
  const shown = 'sh -c test -n <db.port>';
  assert.deepEqual(list, { kind: 'exec', argv: ['sh', '-c', script], parameters, shown });
  assert.equal(displayCommand(list), shown);
});
