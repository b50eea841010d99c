import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayCommand, fillCommand } from '../../../src/conditions/command.ts';
import { fill } from './probing.ts';

test('every text of a command is filled in', () => {
  const port = { service: 'db', value: 'port' };
  assert.deepEqual(fillCommand({ kind: 'exec', argv: ['nc', '-z', ['localhost:', port]] }, fill), {
    kind: 'exec',
    argv: ['nc', '-z', 'localhost:<db.port>'],
  });
  assert.deepEqual(fillCommand({ kind: 'shell', script: ['test -n ', port] }, fill), {
    kind: 'shell',
    script: 'test -n <db.port>',
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
